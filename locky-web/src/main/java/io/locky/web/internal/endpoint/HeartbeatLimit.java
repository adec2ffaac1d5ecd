package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.springframework.http.HttpStatus;

/**
 * Keeps a page that beats without pause away from Redis. Remembers the last beats of as
 * many grants as fit; one that is forgotten may beat early once.
 */
final class HeartbeatLimit {

	private static final int MOST = 10_000;

	private static final Duration LONGEST = Duration.ofSeconds(1);

	/** A third of the ttl is the time between two beats: half of that is soon enough. */
	private static final int PER_TTL = 6;

	private final Map<Beat, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
		@Override
		protected boolean removeEldestEntry(Map.Entry<Beat, Long> eldest) {
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
		if (!pass(new Beat(locker, resource, fence))) {
			throw EndpointProblem
				.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-heartbeats",
						"There was a heartbeat for that grant less than %d ms ago.".formatted(this.interval.toMillis()))
				.retryAfter(this.interval);
		}
	}

	private synchronized boolean pass(Beat beat) {
		long now = this.ticker.getAsLong();
		Long before = this.last.get(beat);
		if (before != null && now - before < this.interval.toNanos()) {
			return false;
		}
		this.last.put(beat, now);
		return true;
	}

	/**
	 * Whose beat for what.
	 *
	 * @param locker who beats
	 * @param resource what is locked
	 * @param fence the number of the grant
	 */
	private record Beat(String locker, String resource, long fence) {

	}

}
