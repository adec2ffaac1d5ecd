package io.locky.autoconfigure;

import java.time.Duration;

import io.locky.LeaseTime;
import io.locky.LockySettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Properties of Locky.
 *
 * @param enabled Whether locks are set up at all.
 * @param ttl How long a lock is held unless it is refreshed; locks never expire where it
 * is not set.
 * @param prefix What every key in Redis starts with.
 * @param expiration How expired locks are announced.
 * @param events How lock events reach other instances.
 * @param npmInterop Whether locks are shared with applications that use the npm package
 * locky: its index of locks is kept, and the expiry of its locks is announced.
 * @param minReplicasAck How many replicas must acknowledge a lock before it counts as
 * granted; none where it is 0.
 * @param minReplicasAckTimeout How long to wait for these acknowledgements before the
 * lock is given back and the attempt fails.
 * @param startupCheck How Redis is checked when the application starts.
 * @since 0.1.0
 */
@ConfigurationProperties("locky")
public record LockyProperties(@DefaultValue("true") boolean enabled, @Nullable Duration ttl,
		@DefaultValue(LockySettings.DEFAULT_PREFIX) String prefix, @DefaultValue Expiration expiration,
		@DefaultValue Events events, boolean npmInterop, @DefaultValue("0") int minReplicasAck,
		@DefaultValue("1s") Duration minReplicasAckTimeout, @DefaultValue StartupCheck startupCheck) {

	/**
	 * Checks the values, so that a wrong one ends the start-up with its name.
	 */
	public LockyProperties {
		if (ttl != null) {
			LeaseTime.require(ttl, "locky.ttl");
		}
		Assert.hasText(prefix, "'locky.prefix' must not be empty");
		Assert.isTrue(minReplicasAck >= 0,
				() -> "'locky.min-replicas-ack' must not be negative, but is " + minReplicasAck);
		Assert.isTrue(minReplicasAckTimeout.toMillis() > 0,
				() -> "'locky.min-replicas-ack-timeout' must be at least 1 millisecond, but is "
						+ minReplicasAckTimeout);
	}

	LockySettings toSettings() {
		LockySettings.Builder settings = LockySettings.builder()
			.ttl(this.ttl)
			.prefix(this.prefix)
			.expiration(this.expiration.enabled())
			.ackTimeout(this.expiration.ackTimeout())
			.listenerThreads(this.expiration.listenerThreads())
			.broadcast(this.events.broadcast())
			.eventLogLength(this.events.logLength())
			.npmInterop(this.npmInterop)
			.minReplicasAck(this.minReplicasAck, this.minReplicasAckTimeout)
			.startupCheck(this.startupCheck.enabled());
		String instance = this.events.instance();
		return ((instance != null) ? settings.instance(instance) : settings).build();
	}

	/**
	 * How lock events reach other instances.
	 *
	 * @param broadcast Whether every instance publishes the lock events of all others
	 * too.
	 * @param instance Name of this instance in events that others publish, unique among
	 * all instances; random where it is not set.
	 * @param logLength How many events Redis keeps for instances that did not hear of
	 * them, for an hour at most.
	 */
	public record Events(boolean broadcast, @Nullable String instance, @DefaultValue("100000") int logLength) {

		/**
		 * Checks the values.
		 */
		public Events {
			Assert.isTrue(instance == null || !instance.isBlank(), "'locky.events.instance' must not be blank");
			Assert.isTrue(logLength >= 1000,
					() -> "'locky.events.log-length' must be at least 1000, but is " + logLength);
		}

	}

	/**
	 * How expired locks are announced.
	 *
	 * @param enabled Whether this instance announces expired locks.
	 * @param ackTimeout How long listeners may take to handle an expired lock before it
	 * is announced again, by any instance.
	 * @param listenerThreads How many expired locks may be with listeners at once; those
	 * of one resource never are.
	 */
	public record Expiration(@DefaultValue("true") boolean enabled, @DefaultValue("30s") Duration ackTimeout,
			@DefaultValue("4") int listenerThreads) {

		/**
		 * Checks the values.
		 */
		public Expiration {
			Assert.isTrue(ackTimeout.toMillis() >= 1000,
					() -> "'locky.expiration.ack-timeout' must be at least 1 second, but is " + ackTimeout);
			Assert.isTrue(listenerThreads > 0,
					() -> "'locky.expiration.listener-threads' must be at least 1, but is " + listenerThreads);
		}

	}

	/**
	 * How Redis is checked when the application starts.
	 *
	 * @param enabled Whether to warn once where Redis may evict locks, is too old, or
	 * lacks a permission for its user.
	 */
	public record StartupCheck(@DefaultValue("true") boolean enabled) {

	}

}
