package io.locky.advice

import io.locky.LockAttempt
import io.locky.LockLostException
import io.locky.LockRequest
import io.locky.LockRequiredException
import io.locky.ResourceLockedException
import io.locky.core.LockyTemplate
import io.locky.testing.LockyFixture
import io.locky.testing.TestRedis
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.coroutineContext
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import org.springframework.security.access.AccessDeniedException

/** Suspending functions with `@Locked` and `@RequiresLock`. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
internal class LockedSuspendTests {

    private val fixture = LockyFixture(TestRedis.connectionFactory())

    private val context = HeldApplication.start(
        "--spring.data.redis.url=${TestRedis.url()}", "--locky.prefix=${fixture.prefix()}"
    )

    private val locks = context.getBean(LockyTemplate::class.java)

    private val trace = context.getBean(Trace::class.java)

    private var acquiredBefore = 0

    @AfterAll
    fun close() {
        context.close()
        fixture.close()
    }

    private fun test(body: suspend CoroutineScope.(SuspendingDesk) -> Unit) {
        acquiredBefore = trace.acquired()
        runBlocking { withTimeout(60_000) { body(context.getBean(SuspendingDesk::class.java)) } }
    }

    private fun acquired() = trace.acquired() - acquiredBefore

    private fun holder(name: String): String? = this.locks.getLocker(name)

    private suspend fun awaitFree(name: String) = awaitUntil { holder(name) == null }

    private suspend fun awaitUntil(condition: () -> Boolean) {
        while (!condition()) {
            delay(2)
        }
    }

    private suspend fun failure(call: suspend () -> Unit): Throwable? = try {
        call()
        null
    } catch (ex: Throwable) {
        ex
    }

    @Test
    fun functionRunsUnderItsLockInThreadsOfItsCaller() = test { desk ->
        assertThat(desk.publish(7, "seven")).isEqualTo("7 seven")
        assertThat(desk.unit("x")).isEqualTo(Unit)
        assertThat(desk.during<String?>("x") { null }).isNull()
        val own = coroutineContext[ContinuationInterceptor]
        val caller = Thread.currentThread()
        desk.during("x") {
            assertThat(holder("x")).isNotNull()
            yield()
            assertThat(holder("x")).isNotNull()
            assertThat(coroutineContext[ContinuationInterceptor]).isSameAs(own)
            assertThat(Thread.currentThread()).isSameAs(caller)
        }
        withContext(Dispatchers.Unconfined) { assertThat(desk.publish(8, "eight")).isEqualTo("8 eight") }
        assertThat(holder("x")).isNull()
        assertThat(acquired()).isEqualTo(5)
    }

    @Test
    fun exceptionOfTheFunctionReleasesTheLock() = test { desk ->
        assertThat(failure { desk.during("x") { error("before") } }).isExactlyInstanceOf(IllegalStateException::class.java)
        assertThat(failure { desk.during("x") { yield(); error("after") } }).hasMessage("after")
        assertThat(holder("x")).isNull()
    }

    @Test
    fun annotationsOfInterfaceAndClassApply() = test {
        val whole = context.getBean(SuspendingAsAWhole::class.java)
        assertThat(whole.read("x")).isEqualTo("x")
        assertThat(whole.own()).isEqualTo(2)
        assertThat((whole as SuspendingReader<String>).read("y")).isEqualTo("y")
        assertThat(acquired()).isEqualTo(3)
    }

    @Test
    fun deniedCallThrowsSkipsOrFallsBack() = test { desk ->
        locks.lock("x", "ann")
        val denied = failure { desk.during("x") { error("runs") } }
        assertThat(denied).isInstanceOf(ResourceLockedException::class.java).hasMessageContaining("ann")
        assertThat(desk.skipped("x")).isNull()
        desk.skippedUnit("x") { error("runs") }
        assertThat(desk.skippedOptional("x")).isEmpty()
        assertThat(desk.skippedFlow("x").toList()).isEmpty()
        assertThat(desk.replaced("x")).isEqualTo("x is locked by ann")
        assertThat(desk.replacedByFunction("x")).isZero()
        assertThat(desk.replacedFlow("x").toList()).containsExactly("fallback")
        assertThat(acquired()).isZero()
        locks.unlock("x")
        assertThat(desk.skippedOptional("x")).contains(1)
        assertThat(desk.replaced("x")).isEqualTo("ran")
        assertThat(desk.replacedByFunction("x")).isOne()
        assertThat(desk.replacedFlow("x").toList()).containsExactly("ran")
    }

    @Test
    fun flowOfAFunctionIsLockedToItsEnd() = test { desk ->
        val goOn = CompletableDeferred<Unit>()
        val flow = desk.flow("x") { goOn.await() }
        assertThat(holder("x")).isNull()
        flow.collect {
            assertThat(goOn.isCompleted || holder("x") != null).isTrue()
            goOn.complete(Unit)
        }
        assertThat(holder("x")).isNull()
        assertThat(flow.first()).isEqualTo("first")
        awaitFree("x")
        assertThat(acquired()).isEqualTo(2)
    }

    @Test
    fun callsThatWaitRunOneAfterAnother() = test { desk ->
        var inside = 0
        var total = 0
        val calls = List(20) {
            async(Dispatchers.Default) {
                desk.waiting("x") {
                    inside++
                    delay(1)
                    total += inside--
                }
            }
        }
        assertThat(calls.awaitAll().sum()).isEqualTo(20)
        assertThat(total).isEqualTo(20)
        assertThat(inside).isZero()
    }

    @Test
    fun callThatIsCancelledWhileItWaitsLeavesNoLock() = test { desk ->
        locks.lock("x", "ann")
        val call = launch(start = CoroutineStart.UNDISPATCHED) { desk.waiting("x") { error("runs") } }
        delay(50)
        call.cancelAndJoin()
        locks.unlock("x")
        assertThat(desk.waiting("x") {}).isOne()
        assertThat(holder("x")).isNull()
        assertThat(acquired()).isOne()
    }

    @Test
    fun cancelledFunctionKeepsItsLockUntilItHasCleanedUp() = test { desk ->
        for (dispatcher in listOf(Dispatchers.Default, Dispatchers.Unconfined)) {
            val runs = CompletableDeferred<Unit>()
            val clean = CompletableDeferred<Unit>()
            val call = launch(dispatcher) {
                desk.during("x") {
                    try {
                        runs.complete(Unit)
                        awaitCancellation()
                    } finally {
                        withContext(NonCancellable) { clean.await() }
                    }
                }
            }
            runs.await()
            call.cancelAndJoin()
            delay(50)
            assertThat(holder("x")).isNotNull()
            assertThat(failure { desk.during("x") {} }).isInstanceOf(ResourceLockedException::class.java)
            clean.complete(Unit)
            awaitFree("x")
        }
    }

    @Test
    fun functionDoesNotStartAfterItsLockIsLost() = test { desk ->
        val started = AtomicInteger()
        val busy = CountDownLatch(1)
        Executors.newSingleThreadExecutor().asCoroutineDispatcher().use { dispatcher ->
            val call = async(dispatcher) {
                // The function needs the thread once it has its lock.
                launch { busy.await() }
                failure { desk.during("x") { started.incrementAndGet() } }
            }
            awaitUntil { holder("x") != null }
            delay(50)
            locks.lock(LockRequest.of("x").by("thief").force())
            busy.countDown()
            assertThat(call.await()).isInstanceOf(LockLostException::class.java)
        }
        assertThat(started).hasValue(0)
        assertThat(holder("x")).isEqualTo("thief")
        locks.unlock("x")
    }

    @Test
    fun lockLostOrOverWhileTheFunctionRunsIsReported() = test { desk ->
        val lost = failure { desk.during("x") { locks.lock(LockRequest.of("x").by("thief").force()) } }
        assertThat(lost).isInstanceOf(LockLostException::class.java)
        locks.unlock("x")
        val over = failure { desk.endless("y") { awaitFree("y") } }
        assertThat(over).isInstanceOf(LockLostException::class.java)
    }

    @Test
    fun nestedCallsPass() = test { desk ->
        desk.during("x") {
            assertThat(desk.blocking("x")).isEqualTo("ran")
            assertThat(desk.during("x") { desk.blocking("x") }).isEqualTo("ran")
            assertThat(withContext(Dispatchers.IO) { desk.blocking("x") }).isEqualTo("ran")
            assertThat(desk.skipped("x")).isEqualTo("ran")
            assertThat(coroutineScope { async(Dispatchers.Default) { desk.blocking("x") }.await() }).isEqualTo("ran")
            assertThat(this@test.async(Dispatchers.Default) { desk.skipped("x") }.await()).isNull()
        }
        assertThat(desk.during("x") { desk.flow("x").toList() }).containsExactly("first", "second")
        assertThat(acquired()).isEqualTo(2)
    }

    @Test
    fun functionRunsOnlyForTheHolder() = test { desk ->
        assertThat(failure { desk.save("x", "1") }).isInstanceOf(LockRequiredException::class.java)
        val lock = locks.tryLock(LockRequest.of("x").by("ann")) as LockAttempt.Acquired
        val fence = lock.handle().fence()
        assertThat(desk.save("x", "$fence")).isEqualTo("ran")
        assertThat(failure { desk.save("x", "${fence + 1}") }).isInstanceOf(LockRequiredException::class.java)
        assertThat(failure { desk.save("x", "abc") }).isInstanceOf(IllegalArgumentException::class.java)
        lock.handle().close()
        assertThat(desk.both("x")).isEqualTo("ran")
    }

    @Test
    fun methodSecurityDecidesFirst() = test { desk ->
        assertThat(failure { desk.secured("x") }).isInstanceOf(AccessDeniedException::class.java)
        locks.lock("x", "ann")
        assertThat(failure { desk.secured("x") }).isInstanceOf(AccessDeniedException::class.java)
        locks.unlock("x")
        assertThat(acquired()).isZero()
    }
}
