package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.blocking.ScriptRunner;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEventPublisher;
import io.locky.redis.ExpiryClaim;
import io.locky.redis.ExpiryCalls;
import io.locky.redis.LockyKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the expiries that an attempt found before any worker did. Told by whoever took
 * the lock next, so that on that instance too the expiry comes before the new grant.
 */
final class FoundExpiries {

	private static final Logger logger = LoggerFactory.getLogger(FoundExpiries.class);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	private final Duration ackTimeout;

	FoundExpiries(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events, Duration ackTimeout) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
		this.ackTimeout = ackTimeout;
	}

	/** After which time a worker tells what this instance did not. */
	Duration ackTimeout() {
		return this.ackTimeout;
	}

	/**
	 * Tells expiries and acknowledges them.
	 * @param claims the expiries, all of one partition
	 */
	void tell(List<ExpiryClaim> claims) {
		if (claims.isEmpty()) {
			return;
		}
		claims.stream()
			.flatMap((claim) -> claim.expiries().stream())
			.forEach((expiry) -> this.events.publish(
					new LockExpiredEvent(this, expiry.resource(), expiry.locker(), expiry.fence(), expiry.deadline())));
		try {
			this.scripts.run(
					ExpiryCalls.acknowledge(this.keys.partitionOf(claims.get(0).expiries().get(0).resource()), claims));
		}
		catch (RuntimeException ex) {
			logger.debug("Told, but not acknowledged: it will be told again", ex);
		}
	}

}
