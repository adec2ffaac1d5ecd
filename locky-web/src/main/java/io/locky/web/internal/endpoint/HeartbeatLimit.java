package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.springframework.http.HttpStatus;

/**
 * Keeps a page that sends heartbeats without pause away from Redis. Remembers the last
 * heartbeats of a bounded number of grants; a grant that was evicted may send one early.
 */
final class HeartbeatLimit {

	private static final int MOST = 10_000;

	private static final Duration LONGEST = Duration.ofSeconds(1);

	/** A page sends a heartbeat every third of the TTL: half of that is early enough. */
	private static final int PER_TTL = 6;

	private final Map<Grant, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
		@Override
		protected boolean removeEldestEntry(Map.Entry<Grant, Long> eldest) {
			return size() > MOST;
		}
	};

	private final Duration interval;

	private final LongSupplier ticker;

	HeartbeatLimit(Duration ttl, LongSupplier ticker) {
		Duration part = ttl.dividedBy(PER_TTL);
		this.interval = (part.compareTo(LONGEST) < 0) ? part : LONGEST;
		this.ticker = ticker;
	}

	void check(String locker, String resource, long fence) {
		if (!pass(new Grant(locker, resource, fence))) {
			throw EndpointProblem
				.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-heartbeats",
						"There was a heartbeat for that grant less than %d ms ago.".formatted(this.interval.toMillis()))
				.retryAfter(this.interval);
		}
	}

	private synchronized boolean pass(Grant grant) {
		long now = this.ticker.getAsLong();
		Long before = this.last.get(grant);
		if (before != null && now - before < this.interval.toNanos()) {
			return false;
		}
		this.last.put(grant, now);
		return true;
	}

	/**
	 * A grant as a heartbeat names it.
	 *
	 * @param locker the locker
	 * @param resource the locked resource
	 * @param fence the fence of the grant
	 */
	private record Grant(String locker, String resource, long fence) {

	}

}
