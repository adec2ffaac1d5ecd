package io.locky.advice

import io.locky.annotation.LockAssert
import io.locky.annotation.Locked
import kotlinx.coroutines.delay

/** Locked suspending functions. */
open class SuspendingDesk {

    @Locked("article:#<id>")
    open suspend fun publish(id: Long, text: String): String {
        LockAssert.assertLocked("article:$id")
        delay(1)
        LockAssert.assertLocked("article:$id")
        return "$id: $text"
    }

    /** Runs what a test needs, in the function. */
    @Locked("#name")
    open suspend fun <T> during(name: String, body: suspend () -> T): T = body()
}
