package io.locky.internal.lock;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.internal.lock.AcquireReply.Denied;
import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.internal.lock.LocalWaiters.Turn;
import io.locky.internal.lock.LockAcquirer.Attempt;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Carries out lock requests: attempts, waits and creates handles.
 * <p>
 * A waiting request attempts again on a hint that the lock was released, at the deadline
 * of the lease that blocks it, and every second in case a hint was lost.
 */
public final class LockingFlow {

	private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

	/** Three renewals within a lease, so that two of them may fail. */
	static final int RENEWALS_PER_TTL = 3;

	private final LockAcquirer acquirer;

	private final LocalWaiters waiters;

	private final LockHandles handles;

	private final LockRenewer renewer;

	private final LongSupplier ticker;

	/**
	 * Creates the flow.
	 * @param acquirer makes attempts
	 * @param waiters the callers that wait
	 * @param handles creates handles
	 * @param renewer renews handles
	 * @param ticker the clock of the handles, in nanoseconds
	 */
	LockingFlow(LockAcquirer acquirer, LocalWaiters waiters, LockHandles handles, LockRenewer renewer,
			LongSupplier ticker) {
		this.acquirer = acquirer;
		this.waiters = waiters;
		this.handles = handles;
		this.renewer = renewer;
		this.ticker = ticker;
	}

	/**
	 * Acquires a lock without a handle.
	 * @param request the request, without renewal
	 * @return whether the lock was granted
	 */
	public boolean lock(LockRequest request) {
		Assert.isTrue(!request.options().autoRenew(),
				"A renewed lock needs a handle to end it: use tryLock(…) and close the handle");
		if (attemptUntilGranted(request).reply() instanceof Granted granted) {
			this.acquirer.publish(granted, request.locker());
			return true;
		}
		return false;
	}

	/**
	 * Acquires a lock.
	 * @param request the request
	 * @return a handle, or the lock that blocks it
	 */
	public LockAttempt tryLock(LockRequest request) {
		Duration renewEvery = renewEvery(request.options());
		if (renewEvery == null) {
			return tryLock(request, null);
		}
		// Before the attempt: a lock that cannot be renewed is not acquired.
		this.renewer.reserve();
		try {
			return tryLock(request, renewEvery);
		}
		finally {
			this.renewer.free();
		}
	}

	private LockAttempt tryLock(LockRequest request, @Nullable Duration renewEvery) {
		Attempt attempt = attemptUntilGranted(request);
		if (attempt.reply() instanceof Denied denied) {
			return new LockAttempt.Denied(denied.lock());
		}
		Granted granted = (Granted) attempt.reply();
		LockAttempt acquired = new LockAttempt.Acquired(this.handles.create(granted.grant(), request.locker(),
				attempt.sent(), renewEvery, request.options().keepOnShutdown()));
		this.acquirer.publish(granted, request.locker());
		return acquired;
	}

	@Nullable Duration renewEvery(LockOptions options) {
		if (!options.autoRenew()) {
			return null;
		}
		Duration ttl = this.acquirer.ttl(options);
		Assert.isTrue(ttl != null,
				"A lock without a TTL cannot be renewed: set ttl(…) on the request, or in the settings (locky.ttl)");
		return ttl.dividedBy(RENEWALS_PER_TTL);
	}

	private Attempt attemptUntilGranted(LockRequest request) {
		Attempt first = this.acquirer.acquire(request);
		Duration waitTimeout = request.options().waitUpTo();
		// A grant to take over that has ended does not come back.
		boolean isTakeover = request.options().takeOverFrom() != null;
		if (waitTimeout == null || isTakeover || first.reply() instanceof Granted) {
			return first;
		}
		return await(request, first, waitTimeout);
	}

	private Attempt await(LockRequest request, Attempt first, Duration waitTimeout) {
		long end = this.ticker.getAsLong() + waitTimeout.toNanos();
		Attempt attempt = first;
		try (Turn turn = this.waiters.awaitTurn(request.resource(), waitTimeout)) {
			attempt = this.acquirer.acquire(request);
			while (turn != null && attempt.reply() instanceof Denied denied && nanosUntil(end) > 0) {
				turn.awaitHint(pause(denied, nanosUntil(end)));
				attempt = this.acquirer.acquire(request);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return attempt;
	}

	/**
	 * How long to wait for a hint before the next attempt.
	 * @param denied the reply to the last one
	 * @param rest the rest of the wait in nanoseconds
	 * @return the time
	 */
	static Duration pause(Denied denied, long rest) {
		Duration sleep = min(LONGEST_SLEEP, Duration.ofNanos(Math.max(0, rest)));
		LockInfo lock = denied.lock();
		if (lock != null && lock.expiresIn() != null) {
			// A lock is still held in the millisecond of its deadline.
			sleep = min(sleep, lock.expiresIn().plusMillis(1));
		}
		return sleep;
	}

	private long nanosUntil(long end) {
		return end - this.ticker.getAsLong();
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
