package io.locky.autoconfigure.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.locky.LockyStatus;
import io.locky.LockyStatus.Work;
import io.locky.core.LockyTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Decides how well an instance does. Knows no type of Spring Boot, which has those of
 * health in other packages from version to version.
 * <p>
 * Locks work as long as Redis answers on their connection. What works less well than it
 * should is named, and is no reason to stop the instance: another one would have the same
 * Redis.
 */
final class LockyHealth {

	/** Twice the longest time between two looks of the worker. */
	static final Duration LATE = Duration.ofSeconds(20);

	/** After a start and a lost connection, the subscription takes a while. */
	static final Duration SUBSCRIBING = Duration.ofSeconds(5);

	static final String UP = "UP";

	/** Not in the order of severity of Spring Boot, so that the others decide alone. */
	static final String DEGRADED = "DEGRADED";

	static final String UNREACHABLE = "Redis does not answer on the connection for locks";

	private static final String PROBE = "locky-health";

	private final LockyTemplate locks;

	private final Clock clock;

	/** Before its start, no work is late. */
	private volatile @Nullable Instant firstCheck;

	/** The first of the last checks, all of which found no subscription. */
	private volatile @Nullable Instant withoutHints;

	LockyHealth(LockyTemplate locks, Clock clock) {
		this.locks = locks;
		this.clock = clock;
	}

	/**
	 * Checks the instance, with one command to Redis.
	 * @return the findings
	 * @throws org.springframework.dao.DataAccessException if Redis does not answer on the
	 * connection for locks
	 */
	Findings check() {
		this.locks.find(PROBE);
		Instant now = this.clock.instant();
		if (this.firstCheck == null) {
			this.firstCheck = now;
		}
		return findings(this.locks.status(), now);
	}

	private Findings findings(LockyStatus status, Instant now) {
		List<String> problems = new ArrayList<>();
		if (!status.running()) {
			problems.add("The template is not started");
		}
		else {
			addIfLate(problems, "expired locks are not published", status.worker(), now);
			addIfLate(problems, "events of other instances are not published", status.follower(), now);
			if (isWithoutHints(status, now)) {
				problems.add("No hints arrive, so expiries and released locks are noticed up to a second late");
			}
		}
		if (status.overdueHandles() > 0) {
			problems
				.add("%d of %d handles are renewed late".formatted(status.overdueHandles(), status.renewedHandles()));
		}
		problems.addAll(status.missingPermissions());
		return new Findings(problems, details(status, problems));
	}

	private void addIfLate(List<String> problems, String consequence, @Nullable Work work, Instant now) {
		if (work == null) {
			return;
		}
		Instant last = (work.lastSuccess() != null) ? work.lastSuccess() : this.firstCheck;
		if (!work.alive()) {
			problems.add("A thread has ended: " + consequence);
		}
		else if (last != null && Duration.between(last, now).compareTo(LATE) > 0) {
			problems.add("Redis has not answered for %d s: %s".formatted(Duration.between(last, now).toSeconds(),
					consequence));
		}
	}

	private boolean isWithoutHints(LockyStatus status, Instant now) {
		if (status.subscribed() || !(answered(status.worker()) || answered(status.follower()))) {
			this.withoutHints = null;
			return false;
		}
		Instant since = this.withoutHints;
		if (since == null) {
			this.withoutHints = now;
			return false;
		}
		return Duration.between(since, now).compareTo(SUBSCRIBING) > 0;
	}

	private static boolean answered(@Nullable Work work) {
		return work != null && work.lastSuccess() != null;
	}

	private static Map<String, Object> details(LockyStatus status, List<String> problems) {
		Map<String, Object> details = new LinkedHashMap<>();
		if (!problems.isEmpty()) {
			details.put("problems", problems);
		}
		details.put("worker", lastSuccess(status.worker()));
		details.put("follower", lastSuccess(status.follower()));
		details.put("renewedHandles", status.renewedHandles());
		details.put("overdueHandles", status.overdueHandles());
		details.put("subscribed", status.subscribed());
		return details;
	}

	private static Object lastSuccess(@Nullable Work work) {
		if (work == null) {
			return "off";
		}
		return (work.lastSuccess() != null) ? work.lastSuccess() : "no answer yet";
	}

	/**
	 * What a check found.
	 *
	 * @param problems what works less well than it should, empty if all is well
	 * @param details what else there is to show, with the problems
	 */
	record Findings(List<String> problems, Map<String, Object> details) {

		String status() {
			return this.problems.isEmpty() ? UP : DEGRADED;
		}

	}

}
