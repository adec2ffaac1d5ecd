package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.locky.LockQuery;
import io.locky.web.LockCaller;
import io.locky.web.LockLimits;
import io.locky.web.internal.endpoint.EndpointLocks.Attempt;

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

	private final EndpointLocks locks;

	private final LockLimits limits;

	private final LongSupplier ticker;

	CallerLimits(EndpointLocks locks, LockLimits limits, LongSupplier ticker) {
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
	 * @return its result; fails with an {@link EndpointProblem} if the caller holds too
	 * many locks
	 */
	CompletionStage<Attempt> lock(LockCaller caller, String resource, Supplier<CompletionStage<Attempt>> attempt) {
		Usage usage = usage(caller);
		int most = this.limits.maxLocks(caller);
		return usage
			.inTurn((turn) -> this.locks.resumeAfter(turn)
				.thenCompose((resumed) -> usage.beginLock(most, () -> count(caller, most))))
			.thenCompose((begun) -> begun ? attempt.get().whenComplete((result, failure) -> usage.endLock())
					: lockAgain(caller, resource, attempt, most));
	}

	private CompletionStage<Attempt> lockAgain(LockCaller caller, String resource,
			Supplier<CompletionStage<Attempt>> attempt, int most) {
		return this.locks.find(resource).thenCompose((lock) -> {
			if (lock.isPresent() && LockAnswers.isOwn(caller, lock.get())) {
				return attempt.get();
			}
			throw EndpointProblem
				.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-locks",
						"You may hold %d locks at once. Release one first.".formatted(most))
				.retryAfter(RETRY_LOCK);
		});
	}

	/** The locks that the caller holds, on all instances. */
	private CompletionStage<Integer> count(LockCaller caller, int most) {
		return count(LockQuery.all().heldBy(caller.locker()).limit(Math.min(PAGE, Math.max(1, most))), 0, most);
	}

	private CompletionStage<Integer> count(LockQuery query, int before, int most) {
		return this.locks.list(query).thenCompose((page) -> {
			int count = before + page.locks().size();
			return (count < most && page.cursor() != null) ? count(query.after(page.cursor()), count, most)
					: CompletableFuture.completedFuture(count);
		});
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

		/** Completes when the request before has begun. */
		private CompletionStage<?> turn = CompletableFuture.completedFuture(true);

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

		/**
		 * Lets one request of the caller after the other begin, because a count must not
		 * miss what others begin meanwhile.
		 * @param begin begins when the stage that it gets completes
		 */
		synchronized CompletionStage<Boolean> inTurn(Function<CompletionStage<?>, CompletionStage<Boolean>> begin) {
			CompletionStage<Boolean> begun = begin.apply(this.turn);
			this.turn = begun.handle((result, failure) -> true);
			return begun;
		}

		synchronized CompletionStage<Boolean> beginLock(int most, Supplier<CompletionStage<Integer>> count) {
			if (this.uncounted < 0) {
				this.uncounted = most / UNCOUNTED_PART;
			}
			if (this.uncounted > 0) {
				return CompletableFuture.completedFuture(beginLock());
			}
			// Those that end meanwhile may be missing in the count.
			int missing = this.inFlight;
			return count.get().thenApply((held) -> beginLock(most - held - missing));
		}

		private synchronized boolean beginLock(int left) {
			// With half of what is left, two instances together stay within the limit.
			this.uncounted = (Math.max(0, left) + 1) / 2;
			return this.uncounted > 0 && beginLock();
		}

		private boolean beginLock() {
			this.uncounted--;
			this.inFlight++;
			return true;
		}

		synchronized void endLock() {
			this.inFlight--;
		}

	}

}
