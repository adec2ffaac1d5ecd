package io.locky.internal.lock;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.locky.LockHandle;
import io.locky.internal.lock.Renewals.Renewal;
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

	private final Leases leases;

	private final Renewals renewals;

	private final LossDispatcher losses;

	private final LongSupplier ticker;

	private final Runnable renewalAdded;

	/**
	 * Creates the factory.
	 * @param leases refreshes and releases grants
	 * @param renewals the handles that are renewed
	 * @param losses publishes the loss of handles
	 * @param ticker the monotonic clock that measures leases, in nanoseconds
	 * @param renewalAdded called when there is a new handle to renew
	 */
	LockHandles(Leases leases, Renewals renewals, LossDispatcher losses, LongSupplier ticker, Runnable renewalAdded) {
		this.leases = leases;
		this.renewals = renewals;
		this.losses = losses;
		this.ticker = ticker;
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
	 * @return the handle
	 */
	LockHandle create(Grant grant, String locker, long sent, @Nullable Duration renewEvery) {
		FencedLockHandle handle = new FencedLockHandle(this, grant.resource(), locker, grant.fence(),
				FencedLockHandle.deadline(sent, grant.expiresIn()));
		if (!handle.isValid()) {
			refreshOnce(handle);
		}
		// Not before: a renewal of a lease that seems to be over would mark it as lost.
		if (renewEvery != null && handle.isHeld()) {
			this.renewals.add(new Renewal(handle, sent, renewEvery.toNanos()));
			this.renewalAdded.run();
		}
		return handle;
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

	/**
	 * The clock of the handles.
	 * @return the time in nanoseconds
	 */
	long nanoTime() {
		return this.ticker.getAsLong();
	}

	Leases leases() {
		return this.leases;
	}

	void endRenewal(FencedLockHandle handle) {
		this.renewals.remove(handle);
	}

	/** Ends the renewal of a lost handle, and publishes the loss. */
	void lost(FencedLockHandle handle) {
		endRenewal(handle);
		this.losses.dispatch(handle);
	}

}
