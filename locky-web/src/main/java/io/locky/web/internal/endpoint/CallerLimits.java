package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockyOperations;
import io.locky.web.LockCaller;
import io.locky.web.LockLimits;

import org.springframework.http.HttpStatus;

/**
 * Applies the limits of each caller. Remembers a bounded number of callers; one that was
 * evicted begins again.
 */
final class CallerLimits {

	private static final int MOST_CALLERS = 10_000;

	/** Some locks need no count: most callers hold a few at most. */
	private static final int UNCOUNTED_PART = 10;

	private static final int PAGE = 1000;

	private static final Duration RETRY = Duration.ofSeconds(1);

	private static final Duration RETRY_LOCK = Duration.ofSeconds(10);

	private final Map<String, Usage> usages = new LinkedHashMap<>(16, 0.75f, true) {
		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Usage> eldest) {
			return size() > MOST_CALLERS;
		}
	};

	private final LockyOperations locks;

	private final LockLimits limits;

	private final LongSupplier ticker;

	CallerLimits(LockyOperations locks, LockLimits limits, LongSupplier ticker) {
		this.locks = locks;
		this.limits = limits;
		this.ticker = ticker;
	}

	/**
	 * Counts a request.
	 * @param caller the caller
	 * @throws EndpointProblem if there were too many
	 */
	void admit(LockCaller caller) {
		int most = Math.max(1, this.limits.maxRequestsPerSecond(caller));
		if (!usage(caller).takeToken(most, this.ticker.getAsLong())) {
			throw EndpointProblem
				.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-requests",
						"There may be %d requests of one caller in a second.".formatted(most))
				.retryAfter(RETRY);
		}
	}

	/**
	 * Makes an attempt to lock. One for a lock that the caller holds already, such as a
	 * repeated one, is not limited.
	 * @param caller the caller
	 * @param resource the resource to lock
	 * @param attempt the attempt
	 * @return its result
	 * @throws EndpointProblem if the caller holds too many locks
	 */
	LockAttempt lock(LockCaller caller, String resource, Supplier<LockAttempt> attempt) {
		Usage usage = usage(caller);
		int most = this.limits.maxLocks(caller);
		if (!usage.beginLock(most, () -> count(caller, most))) {
			if (holds(caller, resource)) {
				return attempt.get();
			}
			throw EndpointProblem
				.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-locks",
						"You may hold %d locks at once. Release one first.".formatted(most))
				.retryAfter(RETRY_LOCK);
		}
		try {
			return attempt.get();
		}
		finally {
			usage.endLock();
		}
	}

	private boolean holds(LockCaller caller, String resource) {
		return this.locks.find(resource).filter((lock) -> lock.locker().equals(caller.locker())).isPresent();
	}

	/** The locks that the caller holds, on all instances. */
	private int count(LockCaller caller, int most) {
		LockQuery query = LockQuery.all().heldBy(caller.locker()).limit(Math.min(PAGE, Math.max(1, most)));
		LockPage page = this.locks.list(query);
		int count = page.locks().size();
		while (count < most && page.cursor() != null) {
			page = this.locks.list(query.after(page.cursor()));
			count += page.locks().size();
		}
		return count;
	}

	private Usage usage(LockCaller caller) {
		synchronized (this.usages) {
			return this.usages.computeIfAbsent(caller.locker(), (locker) -> new Usage(this.ticker.getAsLong()));
		}
	}

	/** What one caller used of its limits on this instance. */
	private static final class Usage {

		private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

		private double tokens = -1;

		private long filledAt;

		/** How many locks may be acquired before the next count; -1 at the beginning. */
		private int uncounted = -1;

		private int inFlight;

		Usage(long now) {
			this.filledAt = now;
		}

		synchronized boolean takeToken(int perSecond, long now) {
			double full = 2.0 * perSecond;
			double added = perSecond * ((now - this.filledAt) / NANOS_PER_SECOND);
			this.tokens = (this.tokens < 0) ? full : Math.min(full, this.tokens + added);
			this.filledAt = now;
			if (this.tokens < 1) {
				return false;
			}
			this.tokens--;
			return true;
		}

		synchronized boolean beginLock(int most, Supplier<Integer> count) {
			if (this.uncounted < 0) {
				this.uncounted = most / UNCOUNTED_PART;
			}
			if (this.uncounted == 0) {
				// With half of what is left, two instances together stay within the
				// limit.
				this.uncounted = (Math.max(0, most - count.get() - this.inFlight) + 1) / 2;
			}
			if (this.uncounted == 0) {
				return false;
			}
			this.uncounted--;
			this.inFlight++;
			return true;
		}

		synchronized void endLock() {
			this.inFlight--;
		}

	}

}
