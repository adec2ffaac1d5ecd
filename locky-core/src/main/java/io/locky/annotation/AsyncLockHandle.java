package io.locky.annotation;

import java.util.concurrent.CompletableFuture;

import io.locky.LockHandle;

/**
 * A handle that can release its lock without a thread that waits for Redis.
 */
interface AsyncLockHandle extends LockHandle {

	/**
	 * Releases the lock as {@link #release()} does.
	 * @return the future of its result
	 */
	CompletableFuture<Boolean> releaseAsync();

}
