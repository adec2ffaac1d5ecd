package io.locky.internal.lock;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.internal.lock.AcquireReply.Denied;
import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.internal.lock.LocalWaiters.Place;
import io.locky.internal.lock.LockAcquirer.Attempt;
import io.locky.internal.lock.RequestMeasurements.Measurement;
import io.locky.internal.people.FairLine;
import io.locky.internal.people.PeopleOperations;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.Waiter;
import io.locky.metrics.LockyMetrics.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Carries out lock requests: attempts, waits and creates handles.
 * <p>
 * A waiting request attempts again when it is woken, see {@link LocalWaiters}, and at the
 * end of its wait.
 */
public final class LockingFlow {

	/** Three renewals within a lease, so that two of them may fail. */
	static final int RENEWALS_PER_TTL = 3;

	private final ScriptRunner scripts;

	private final LockAcquirer acquirer;

	private final LocalWaiters waiters;

	private final LockHandles handles;

	private final LockRenewer renewer;

	private final RequestMeasurements measurements;

	private final Supplier<PeopleOperations> people;

	private final LongSupplier ticker;

	/**
	 * Creates the flow.
	 * @param scripts the access to Redis
	 * @param acquirer makes attempts
	 * @param waiters the callers that wait
	 * @param handles creates handles
	 * @param renewer renews handles
	 * @param measurements measures the requests
	 * @param people the lines of people, once they are needed
	 * @param ticker the clock of the handles, in nanoseconds
	 */
	LockingFlow(ScriptRunner scripts, LockAcquirer acquirer, LocalWaiters waiters, LockHandles handles,
			LockRenewer renewer, RequestMeasurements measurements, Supplier<PeopleOperations> people,
			LongSupplier ticker) {
		this.scripts = scripts;
		this.acquirer = acquirer;
		this.waiters = waiters;
		this.handles = handles;
		this.renewer = renewer;
		this.measurements = measurements;
		this.people = people;
		this.ticker = ticker;
	}

	/**
	 * Acquires a lock without a handle.
	 * @param request the request, without renewal
	 * @return whether the lock was granted
	 */
	public boolean lock(LockRequest request) {
		requireNoRenewal(request);
		if (attemptUntilGranted(request).reply() instanceof Granted granted) {
			this.acquirer.publish(granted, request.locker(), request.options().note());
			return true;
		}
		return false;
	}

	/**
	 * Refuses requests that only a handle can end.
	 * @param request the request
	 */
	public static void requireNoRenewal(LockRequest request) {
		Assert.isTrue(!request.options().autoRenew(),
				"A renewed lock needs a handle to end it: use tryLock(…) and close the handle");
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
		this.acquirer.publish(granted, request.locker(), request.options().note());
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
		Measurement measurement = this.measurements.begin(request.resource());
		try {
			Duration waitTimeout = waitTimeout(request.options());
			Attempt attempt = (waitTimeout != null) ? await(request, waitTimeout, measurement)
					: this.scripts.run(this.acquirer.acquire(request));
			measurement.ended(attempt.reply());
			return attempt;
		}
		finally {
			// Only after a failure: the first end counts.
			measurement.ended(Outcome.FAILED);
		}
	}

	RequestMeasurements measurements() {
		return this.measurements;
	}

	/**
	 * How long a request waits.
	 * @param options the options of the request
	 * @return the time, or {@code null} if it does not wait
	 */
	static @Nullable Duration waitTimeout(LockOptions options) {
		// A grant to take over that has ended does not come back, and force waits for
		// nobody.
		return (options.takeOverFrom() == null && !options.force()) ? options.waitUpTo() : null;
	}

	private Attempt await(LockRequest request, Duration waitTimeout, Measurement measurement) {
		Waiter waiter = new Waiter();
		try (WaitingPlace place = enter(request, waiter::wake)) {
			return await(request, waitTimeout, place, waiter, measurement);
		}
	}

	/**
	 * Creates the place of a request that waits, before its first attempt.
	 * @param request the request
	 * @param wake makes it attempt soon; it must not block
	 * @return the place, to be closed by the caller
	 */
	WaitingPlace enter(LockRequest request, Runnable wake) {
		FairLine line = request.options().fair() ? this.people.get().fairLine() : null;
		Place place = this.waiters.enter(request.resource(), wake);
		return (line != null) ? new FairPlace(line, request, place) : place;
	}

	private Attempt await(LockRequest request, Duration waitTimeout, WaitingPlace place, Waiter waiter,
			Measurement measurement) {
		Attempt attempt = this.scripts.run(this.acquirer.acquire(request, place.attempt(true)));
		long end = this.ticker.getAsLong() + waitTimeout.toNanos();
		Duration pause = place.answered(attempt.reply(), waitTimeout);
		try {
			while (!pause.isZero()) {
				measurement.waits();
				waiter.await(pause);
				attempt = measurement.observe(
						() -> this.scripts.run(this.acquirer.acquire(request, place.attempt(!until(end).isZero()))));
				pause = place.answered(attempt.reply(), until(end));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return attempt;
	}

	/** The time until then, not negative. */
	private Duration until(long end) {
		return Duration.ofNanos(Math.max(0, end - this.ticker.getAsLong()));
	}

}
