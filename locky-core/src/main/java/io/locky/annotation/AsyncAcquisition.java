package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.annotation.MethodLockAcquirer.AsyncAttempt;
import io.locky.annotation.MethodLockAcquirer.RequestedLocks;
import io.locky.observation.LockyObservations;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * Acquires the locks of one call, one after another, without the calling thread. Each
 * attempt begins in the thread that ended the one before.
 */
final class AsyncAcquisition {

	private final MethodLockAcquirer acquirer;

	private final RequestedLocks requested;

	private final HeldLocks chain;

	private final Function<LockRequest, CompletableFuture<LockAttempt>> attempts;

	private final LockExecutor releases;

	private final long start = System.nanoTime();

	/** Every attempt is a part of it, on whichever thread it begins. */
	private final @Nullable Observation observation;

	private final List<SharedLockHandle> acquired = new ArrayList<>();

	private final CompletableFuture<LockedInvocation> result = new CompletableFuture<>();

	private volatile @Nullable CompletableFuture<LockAttempt> attempt;

	/**
	 * Creates an acquisition.
	 * @param acquirer makes each attempt
	 * @param requested the locks
	 * @param chain the locks that the call chain holds
	 * @param attempts begins an attempt
	 * @param releases runs the release of what was acquired in vain, if that blocks
	 */
	AsyncAcquisition(MethodLockAcquirer acquirer, RequestedLocks requested, HeldLocks chain,
			Function<LockRequest, CompletableFuture<LockAttempt>> attempts, LockExecutor releases) {
		this.acquirer = acquirer;
		this.requested = requested;
		this.chain = chain;
		this.attempts = attempts;
		this.releases = releases;
		this.observation = acquirer.observations().current();
	}

	CompletableFuture<LockedInvocation> start() {
		this.result.whenComplete((call, failure) -> cancelAttempt());
		acquireNext();
		return this.result;
	}

	/** Has no effect on an attempt that has ended. */
	private void cancelAttempt() {
		CompletableFuture<LockAttempt> running = this.attempt;
		if (running != null && this.result.isCancelled()) {
			running.cancel(true);
		}
	}

	private void acquireNext() {
		try {
			while (this.acquired.size() < this.requested.requests().size()) {
				LockRequest request = this.requested.requests().get(this.acquired.size());
				SharedLockHandle held = this.chain.retain(request.resource(), this.requested.namedLocker());
				if (held == null) {
					acquire(request);
					return;
				}
				this.acquired.add(held);
			}
			end(new LockedInvocation(this.acquired, this.requested.onLost()));
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	private void acquire(LockRequest request) {
		AsyncAttempt next = LockyObservations.callIn(this.observation,
				() -> this.acquirer.acquireAsync(request,
						MethodLockAcquirer.remaining(this.requested.waitFor(), this.start), this.chain, this.acquired,
						this.attempts));
		this.attempt = next.result();
		cancelAttempt();
		next.result().whenComplete((outcome, failure) -> {
			try {
				if (outcome == null) {
					fail((failure != null) ? failure : new IllegalStateException("No result of an attempt"));
					return;
				}
				this.acquired.add(MethodLockAcquirer.granted(outcome, next.waiting()));
			}
			catch (Throwable ex) {
				fail(ex);
				return;
			}
			acquireNext();
		});
	}

	private void end(LockedInvocation call) {
		call.requireValid();
		if (!this.result.complete(call)) {
			release();
		}
	}

	private void fail(Throwable failure) {
		this.result.completeExceptionally(failure);
		release();
	}

	private void release() {
		if (!this.acquired.isEmpty()) {
			LockedInvocation.releaseAllAsync(this.acquired, OnLost.LOG, this.releases);
		}
	}

}
