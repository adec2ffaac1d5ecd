package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the expiries that an attempt found before any worker did. The thread of the
 * attempt publishes them, so that on that instance too the expiry comes before the new
 * grant.
 */
public final class InlineExpiryDispatcher {

	private static final Logger logger = LoggerFactory.getLogger(InlineExpiryDispatcher.class);

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final LockyEventPublisher events;

	private final Duration ackTimeout;

	/**
	 * Creates a dispatcher.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param events publishes the expiries
	 * @param ackTimeout the time after which an unacknowledged claim is due again
	 */
	public InlineExpiryDispatcher(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events,
			Duration ackTimeout) {
		this.scripts = scripts;
		this.keys = keys;
		this.events = events;
		this.ackTimeout = ackTimeout;
	}

	/**
	 * The time after which a worker publishes what this instance did not acknowledge.
	 * @return the time-out of a claim
	 */
	public Duration ackTimeout() {
		return this.ackTimeout;
	}

	/**
	 * Publishes expiries and acknowledges them.
	 * @param claims the claims, all of one partition
	 */
	public void publish(List<ExpiryClaim> claims) {
		if (claims.isEmpty()) {
			return;
		}
		claims.stream()
			.flatMap((claim) -> claim.expiries().stream())
			.forEach((expiry) -> this.events.publish(expiry.toEvent(this)));
		try {
			this.scripts.run(ExpiryCommands
				.acknowledge(this.keys.partitionOf(claims.get(0).expiries().get(0).resource()), claims));
		}
		catch (RuntimeException ex) {
			logger.debug("Published, but not acknowledged: a worker publishes it again", ex);
		}
	}

}
