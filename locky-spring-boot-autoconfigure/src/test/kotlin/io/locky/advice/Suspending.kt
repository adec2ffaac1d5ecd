package io.locky.advice

import io.locky.annotation.Locked
import java.util.concurrent.CompletableFuture
import java.util.function.Supplier
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future

/** A locked suspending function that waits for work. */
interface Suspending {

    fun enter()

    @Locked(Works.RESOURCE)
    suspend fun suspending(work: CompletableFuture<String>): String {
        enter()
        return work.await()
    }
}

/** Calls suspending functions from Java. */
class SuspendingCalls(private val desk: SuspendingDesk, private val name: String) {

    /** Calls that another locker of the name denies. */
    fun denied(): Map<String, Supplier<Any?>> = linkedMapOf(
        "`THROW`, `suspend`" to call { during(name) { "ran" } },
        "`SKIP`, `suspend`" to call { skipped(name) },
        "`SKIP`, `suspend` with a `Flow`" to call { skippedFlow(name).toList() },
        "`FALLBACK`, `suspend`" to call { replaced(name) },
        "`@PreAuthorize` on `suspend`, no right" to call { secured(name) }
    )

    /** Other calls. */
    fun others(): Map<String, Supplier<Any?>> = linkedMapOf(
        "name is blank, `suspend`" to call { during(" ") { "ran" } },
        "`@RequiresLock` on `suspend`, the fence is `abc`" to call { save(name, "abc") },
        "`@RequiresLock` on `suspend`, lock is free" to call { save(name, "1") },
        "`@Locked` with `@RequiresLock` on `suspend`" to call { both(name) },
        "`maxHold` is over, then `suspend` ends" to call { endless(name) { delay(600) } }
    )

    private fun call(block: suspend SuspendingDesk.() -> Any?): Supplier<Any?> =
        Supplier { CoroutineScope(Dispatchers.Unconfined).future { block(desk) } }

    companion object {

        @JvmStatic
        fun start(works: Working, work: CompletableFuture<String>): CompletableFuture<String> =
            CoroutineScope(Dispatchers.Unconfined).future { works.suspending(work) }
    }
}
