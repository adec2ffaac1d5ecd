package io.locky.internal.lock;

import java.time.Duration;

import io.locky.LockHandle;
import io.locky.internal.lock.FencedLockHandle.Lease;
import io.locky.internal.lock.Renewals.Renewal;
import io.locky.metrics.LockyMetrics.LossReason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;

/**
 * Creates the handles of one application, and gives them access to Redis, the renewals
 * and the listeners of losses.
 */
final class LockHandles {

	private static final Logger logger = LoggerFactory.getLogger(LockHandles.class);

	private static final Duration ROUNDING = Duration.ofMillis(2);

	private final Leases leases;

	private final Renewals renewals;

	private final LossDispatcher losses;

	private final ServerClock clock;

	private final Runnable renewalAdded;

	/**
	 * Creates the factory.
	 * @param leases refreshes and releases grants
	 * @param renewals the handles that are renewed
	 * @param losses publishes the loss of handles
	 * @param clock the monotonic clock that measures leases, and the clock of Redis
	 * @param renewalAdded called when there is a new handle to renew
	 */
	LockHandles(Leases leases, Renewals renewals, LossDispatcher losses, ServerClock clock, Runnable renewalAdded) {
		this.leases = leases;
		this.renewals = renewals;
		this.losses = losses;
		this.clock = clock;
		this.renewalAdded = renewalAdded;
	}

	/**
	 * Creates the handle of a grant. If the reply took longer than the lease, the grant
	 * may still be held, because a connection that was lost meanwhile sent the attempt
	 * again: one refresh finds out.
	 * @param grant the grant
	 * @param locker the locker that holds it
	 * @param sent when the attempt was sent, by the clock of the handles
	 * @param renewEvery how often to renew it, or {@code null} for never
	 * @param inUse whether code that the lock protects runs until the handle is closed
	 * @return the handle
	 */
	LockHandle create(Grant grant, String locker, long sent, @Nullable Duration renewEvery, boolean inUse) {
		FencedLockHandle handle = new FencedLockHandle(this, grant.resource(), locker, grant.fence(),
				Lease.of(sent, grant.expiresIn()));
		if (renewEvery != null && isFresh(grant, renewEvery)) {
			this.clock.set(grant.resource(), grant.since(), sent);
		}
		if (!handle.isValid()) {
			refreshOnce(handle);
		}
		// Not before: a renewal of a lease that seems to be over would mark it as lost.
		if (renewEvery != null && handle.isHeld()) {
			this.renewals.add(new Renewal(handle, sent, renewEvery.toNanos(), inUse));
			this.renewalAdded.run();
		}
		return handle;
	}

	/**
	 * Whether the grant was made by the command that was answered: then its whole lease
	 * is left. An attempt that was sent twice gets a grant from an earlier moment, and a
	 * lock that was entered again has an older one.
	 */
	private static boolean isFresh(Grant grant, Duration renewEvery) {
		Duration left = grant.expiresIn();
		return !grant.reentered() && left != null
				&& left.compareTo(renewEvery.multipliedBy(LockingFlow.RENEWALS_PER_TTL).minus(ROUNDING)) >= 0;
	}

	private static void refreshOnce(FencedLockHandle handle) {
		try {
			handle.refresh();
		}
		catch (DataAccessException ex) {
			// The lock was granted: the caller gets the handle, which is not valid.
			logger.debug("{} could not be refreshed on arrival", handle, ex);
		}
	}

	ServerClock clock() {
		return this.clock;
	}

	Leases leases() {
		return this.leases;
	}

	void beginRelease(FencedLockHandle handle) {
		this.renewals.beginRelease(handle);
	}

	void endRelease() {
		this.renewals.endRelease();
	}

	/** Ends the renewal of a lost handle, and publishes the loss. */
	void lost(FencedLockHandle handle, LossReason reason) {
		this.renewals.remove(handle);
		this.losses.dispatch(handle, reason);
	}

}
