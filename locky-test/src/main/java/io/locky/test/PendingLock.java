package io.locky.test;

import java.util.concurrent.CompletableFuture;

import io.locky.LockAttempt;
import io.locky.LockRequest;

/**
 * A request, perhaps one that waits.
 *
 * @param request the request
 * @param waitEnd when its wait ends, in milliseconds by the clock of the locks
 * @param renewEvery the milliseconds between two renewals of its handle, 0 for none
 * @param blocking whether a thread waits for the result
 * @param result the result
 */
record PendingLock(LockRequest request, long waitEnd, long renewEvery, boolean blocking,
		CompletableFuture<LockAttempt> result) {

	String resource() {
		return this.request.resource();
	}

}
