package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.internal.redis.DaemonThreads;

/**
 * Carries out lock requests without the caller's thread. An attempt runs on one of a few
 * threads; between two attempts, a request that waits has no thread at all, so that any
 * number of them can wait. Its place is among those of callers that block: see
 * {@link LocalWaiters}.
 */
public final class AsyncLockingFlow implements AutoCloseable {

	private static final int THREADS = 16;

	private final ExecutorService attempts = DaemonThreads.pool("locky-lock-", THREADS);

	private final Set<PendingRequest> pending = ConcurrentHashMap.newKeySet();

	private final LockingFlow flow;

	private final LockAcquirer acquirer;

	private final LockHandles handles;

	private final LockRenewer renewer;

	private final LocalWaiters waiters;

	private final LongSupplier ticker;

	/**
	 * Creates the flow.
	 * @param flow the rules of lock requests
	 * @param acquirer makes attempts
	 * @param handles creates handles
	 * @param renewer renews handles
	 * @param waiters the requests that wait
	 * @param ticker the clock of the handles, in nanoseconds
	 */
	AsyncLockingFlow(LockingFlow flow, LockAcquirer acquirer, LockHandles handles, LockRenewer renewer,
			LocalWaiters waiters, LongSupplier ticker) {
		this.flow = flow;
		this.acquirer = acquirer;
		this.handles = handles;
		this.renewer = renewer;
		this.waiters = waiters;
		this.ticker = ticker;
	}

	/**
	 * Acquires a lock.
	 * @param request the request
	 * @return completed with a handle or the lock that blocks it; once it is cancelled,
	 * the request waits no longer, and what it is granted nevertheless is released
	 */
	public CompletableFuture<LockAttempt> tryLock(LockRequest request) {
		Duration renewEvery = this.flow.renewEvery(request.options());
		PendingRequest pending = new PendingRequest(this, request, renewEvery);
		if (renewEvery != null) {
			// Before the attempt: a lock that cannot be renewed is not acquired.
			this.renewer.reserve();
			pending.result().whenComplete((attempt, failure) -> this.renewer.free());
		}
		this.pending.add(pending);
		pending.result().whenComplete((attempt, failure) -> this.pending.remove(pending));
		pending.start();
		return pending.result();
	}

	RequestMeasurements measurements() {
		return this.flow.measurements();
	}

	LockAcquirer acquirer() {
		return this.acquirer;
	}

	WaitingPlace enter(LockRequest request, Runnable wake) {
		return this.flow.enter(request, wake);
	}

	LocalWaiters waiters() {
		return this.waiters;
	}

	LockHandles handles() {
		return this.handles;
	}

	long nanoTime() {
		return this.ticker.getAsLong();
	}

	void execute(Runnable attempt) {
		this.attempts.execute(attempt);
	}

	/** The number of requests that wait for a lock. */
	int waiting(String resource) {
		return this.waiters.waiting(resource);
	}

	/**
	 * Ends all requests with an exception.
	 */
	@Override
	public void close() {
		for (Runnable task : this.attempts.shutdownNow()) {
			if (task instanceof PendingRequest request) {
				request.close();
			}
		}
		List.copyOf(this.pending).forEach(PendingRequest::close);
	}

}
