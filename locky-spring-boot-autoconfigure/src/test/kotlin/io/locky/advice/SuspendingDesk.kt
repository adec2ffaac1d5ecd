package io.locky.advice

import io.locky.ResourceLockedException
import io.locky.annotation.LockAssert
import io.locky.annotation.Locked
import io.locky.annotation.OnDenied
import io.locky.annotation.RequiresLock
import java.util.Optional
import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import org.springframework.security.access.prepost.PreAuthorize

/** Locked suspending functions, most of which run what they are passed. */
open class SuspendingDesk {

    @Locked("article:#<id>:#text", note = "#text")
    open suspend fun publish(id: Long, text: String): String {
        LockAssert.assertLocked("article:$id:$text")
        delay(1)
        LockAssert.assertLocked("article:$id:$text")
        return "$id $text"
    }

    @Locked("#name")
    open suspend fun <T> during(name: String, body: suspend () -> T): T = body()

    @Locked("#name")
    open suspend fun unit(name: String) = delay(1)

    @Locked("#name", waitFor = "20s")
    open suspend fun waiting(name: String, body: suspend () -> Unit): Int {
        body()
        return 1
    }

    @Locked("#name", maxHold = "300ms")
    open suspend fun endless(name: String, body: suspend () -> Unit) = body()

    @Locked("#name")
    open suspend fun flow(name: String, wait: suspend () -> Unit = {}): Flow<String> = flow {
        emit("first")
        wait()
        emit("second")
    }

    @Locked("#name")
    open fun blocking(name: String): String {
        LockAssert.assertLocked(name)
        return "ran"
    }

    @Locked("#name")
    @PreAuthorize("hasRole('CHIEF')")
    open suspend fun secured(name: String): String = "ran"

    @RequiresLock("#name", locker = "ann", fence = ["#fence"])
    open suspend fun save(name: String, fence: String): String {
        delay(1)
        return "ran"
    }

    @Locked("#name", locker = "eve")
    @RequiresLock("#name")
    open suspend fun both(name: String): String = "ran"

    @Locked("#name", onDenied = OnDenied.SKIP)
    open suspend fun skipped(name: String): String? = "ran"

    @Locked("#name", onDenied = OnDenied.SKIP)
    open suspend fun skippedUnit(name: String, body: suspend () -> Unit) = body()

    @Locked("#name", onDenied = OnDenied.SKIP)
    open suspend fun skippedOptional(name: String): Optional<Int> = Optional.of(1)

    @Locked("#name", onDenied = OnDenied.SKIP)
    open suspend fun skippedFlow(name: String): Flow<String> = flow { emit("ran") }

    @Locked("#name", onDenied = OnDenied.FALLBACK, fallback = "instead")
    open suspend fun replaced(name: String): String = "ran"

    private suspend fun instead(name: String, denied: ResourceLockedException): String {
        delay(1)
        return "$name is locked by ${denied.lock.locker()}"
    }

    @Locked("#name", onDenied = OnDenied.FALLBACK, fallback = "zero")
    open suspend fun replacedByFunction(name: String): Int = 1

    private fun zero(name: String): Int = 0

    @Locked("#name", onDenied = OnDenied.FALLBACK, fallback = "flowInstead")
    open suspend fun replacedFlow(name: String): Flow<String> = flow { emit("ran") }

    private fun flowInstead(name: String): Flow<String> = flow { emit("fallback") }
}

/** Declares the annotations of a function and of a class. */
interface SuspendingReader<T> {

    @Locked("reader:#<what>")
    suspend fun read(what: T): T
}

/** Locks all that it has. */
@Locked("whole")
open class SuspendingAsAWhole : SuspendingReader<String> {

    override suspend fun read(what: String): String {
        LockAssert.assertLocked("reader:$what")
        return what
    }

    open suspend fun own(times: Int = 2): Int {
        LockAssert.assertLocked("whole")
        return times
    }
}

/** Is run only for the holder. */
open class SuspendingChecked {

    @RequiresLock("x", locker = "ann")
    open suspend fun save(): String = "ran"
}

/** Suspending functions that are refused. */
class SuspendingMistakes {

    open class Mono {
        @Locked("x")
        open suspend fun edit(): reactor.core.publisher.Mono<String> = reactor.core.publisher.Mono.empty()
    }

    open class Future {
        @Locked("x")
        open suspend fun edit(): CompletableFuture<String> = CompletableFuture()
    }

    open class Deferred {
        @Locked("x")
        open suspend fun edit(): kotlinx.coroutines.Deferred<String> = CompletableDeferred("")
    }

    open class Stream {
        @Locked("x")
        open suspend fun edit(): java.util.stream.Stream<String> = java.util.stream.Stream.empty()
    }

    open class NothingToSkip {
        @Locked("x", onDenied = OnDenied.SKIP)
        open suspend fun edit(): Int = 1
    }

    open class OtherFallback {
        @Locked("x", onDenied = OnDenied.FALLBACK, fallback = "instead")
        open suspend fun edit(id: Long): Int = 1

        @Suppress("unused")
        private suspend fun instead(id: Long): String = ""
    }

    open class UnknownParameter {
        @Locked("#ident")
        open suspend fun edit(id: Long) = Unit
    }

    open class Closed {
        @Locked("x")
        suspend fun edit() = Unit
    }
}
