package io.locky.autoconfigure;

import java.time.Duration;
import java.util.Map;

import io.locky.InvalidSettingException;
import io.locky.KeyPrefix;
import io.locky.LeaseTime;
import io.locky.LockySettings;
import io.locky.PeopleSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The properties {@code locky.*}, which become the {@link LockySettings} of the template.
 *
 * @param enabled Whether locks are set up at all.
 * @param ttl How long a lock is held unless it is refreshed; without it, locks never
 * expire.
 * @param prefix The text that every key in Redis starts with.
 * @param expiration How expired locks are published.
 * @param events How lock events reach other instances.
 * @param npmInterop Whether locks are shared with applications that use the npm package
 * locky: its index of locks is kept, and the expiry of its locks is published.
 * @param lockerIndex Whether the locks of each locker are indexed, so that releasing or
 * listing them does not read the locks of all lockers.
 * @param minReplicasAck How many replicas must acknowledge a lock before it is granted.
 * @param minReplicasAckTimeout How long to wait for these acknowledgements before the
 * lock is released and the attempt fails.
 * @param shutdownTimeout How long a shutdown waits for methods that hold locks, which are
 * renewed until then.
 * @param startupCheck How Redis is checked at start-up.
 * @param observations What observations contain.
 * @param line How people wait in lines for locks.
 * @param handover How people ask for locks that others hold.
 * @param presence How people see who else is looking.
 * @param history How the history of locks is kept.
 * @since 0.9.0
 */
@ConfigurationProperties("locky")
public record LockyProperties(@DefaultValue("true") boolean enabled, @Nullable Duration ttl,
		@DefaultValue(LockySettings.DEFAULT_PREFIX) String prefix, @DefaultValue Expiration expiration,
		@DefaultValue Events events, boolean npmInterop, @DefaultValue("true") boolean lockerIndex,
		@DefaultValue("0") int minReplicasAck, @DefaultValue("1s") Duration minReplicasAckTimeout,
		@DefaultValue("15s") Duration shutdownTimeout, @DefaultValue StartupCheck startupCheck,
		@DefaultValue Observations observations, @DefaultValue Line line, @DefaultValue Handover handover,
		@DefaultValue Presence presence, @DefaultValue History history) {

	private static final Map<String, String> PROPERTIES = Map.ofEntries(Map.entry("ttl", "locky.ttl"),
			Map.entry("prefix", "locky.prefix"), Map.entry("expiration", "locky.expiration.enabled"),
			Map.entry("ackTimeout", "locky.expiration.ack-timeout"),
			Map.entry("listenerThreads", "locky.expiration.listener-threads"),
			Map.entry("expirationTransaction", "locky.expiration.transactional"),
			Map.entry("broadcast", "locky.events.broadcast"), Map.entry("instance", "locky.events.instance"),
			Map.entry("eventLogLength", "locky.events.log-length"), Map.entry("npmInterop", "locky.npm-interop"),
			Map.entry("lockerIndex", "locky.locker-index"), Map.entry("minReplicasAck", "locky.min-replicas-ack"),
			Map.entry("minReplicasAckTimeout", "locky.min-replicas-ack-timeout"),
			Map.entry("shutdownTimeout", "locky.shutdown-timeout"),
			Map.entry("startupCheck", "locky.startup-check.enabled"), Map.entry("placeTtl", "locky.line.place-ttl"),
			Map.entry("offer", "locky.line.offer"), Map.entry("length", "locky.history.length"),
			Map.entry("retention", "locky.history.retention"));

	/**
	 * Checks the values, so that an invalid one ends the start-up with the name of its
	 * property.
	 * @throws InvalidSettingException if a value is invalid
	 */
	public LockyProperties {
		if (ttl != null) {
			LeaseTime.require(ttl, "locky.ttl");
		}
		KeyPrefix.require(prefix, "locky.prefix");
		InvalidSettingException.require(minReplicasAck >= 0, "locky.min-replicas-ack",
				() -> "must not be negative, but is " + minReplicasAck);
		InvalidSettingException.require(minReplicasAckTimeout.compareTo(Duration.ofMillis(1)) >= 0,
				"locky.min-replicas-ack-timeout",
				() -> "must be at least 1 millisecond, but is " + minReplicasAckTimeout);
		LeaseTime.require(shutdownTimeout, "locky.shutdown-timeout");
	}

	/**
	 * The property that a setting of {@link LockySettings} is made of.
	 * @param setting its name as in the builder
	 * @return the name of the property, or the given one if there is none
	 */
	static String propertyOf(String setting) {
		return PROPERTIES.getOrDefault(setting, setting);
	}

	LockySettings toSettings(@Nullable TransactionOperations expirationTransaction) {
		LockySettings.Builder settings = LockySettings.builder()
			.ttl(this.ttl)
			.prefix(this.prefix)
			.expiration(this.expiration.enabled())
			.ackTimeout(this.expiration.ackTimeout())
			.listenerThreads(this.expiration.listenerThreads())
			.expirationTransaction(expirationTransaction)
			.broadcast(this.events.broadcast())
			.eventLogLength(this.events.logLength())
			.npmInterop(this.npmInterop)
			.lockerIndex(this.lockerIndex)
			.minReplicasAck(this.minReplicasAck, this.minReplicasAckTimeout)
			.shutdownTimeout(this.shutdownTimeout)
			.startupCheck(this.startupCheck.enabled())
			.people(new PeopleSettings(this.line.enabled() ? this.line.settings() : null,
					this.history.enabled() ? this.history.settings() : null));
		String instance = this.events.instance();
		return ((instance != null) ? settings.instance(instance) : settings).build();
	}

	/**
	 * How lock events reach other instances.
	 *
	 * @param broadcast Whether every instance publishes the lock events of all others
	 * too.
	 * @param instance Name of this instance in the events that other instances publish,
	 * unique among all instances; random unless it is set.
	 * @param logLength About how many events Redis keeps for instances that missed them,
	 * for one hour at most.
	 */
	public record Events(boolean broadcast, @Nullable String instance, @DefaultValue("100000") int logLength) {

		/**
		 * Checks the values.
		 */
		public Events {
			InvalidSettingException.require(instance == null || !instance.isBlank(), "locky.events.instance",
					() -> "must not be blank");
			InvalidSettingException.require(logLength >= 1000, "locky.events.log-length",
					() -> "must be at least 1000, but is " + logLength);
		}

	}

	/**
	 * How expired locks are published.
	 *
	 * @param enabled Whether this instance publishes expired locks.
	 * @param ackTimeout How long listeners may take to handle an expired lock before it
	 * is published again, perhaps by another instance.
	 * @param listenerThreads How many expired locks listeners may handle at once; never
	 * two of the same resource.
	 * @param transactional Whether each expired lock is published in a transaction, and
	 * again if the transaction is not committed.
	 */
	public record Expiration(@DefaultValue("true") boolean enabled, @DefaultValue("30s") Duration ackTimeout,
			@DefaultValue("4") int listenerThreads, boolean transactional) {

		/**
		 * Checks the values.
		 */
		public Expiration {
			InvalidSettingException.require(ackTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
					"locky.expiration.ack-timeout", () -> "must be at least 1 second, but is " + ackTimeout);
			InvalidSettingException.require(listenerThreads > 0, "locky.expiration.listener-threads",
					() -> "must be at least 1, but is " + listenerThreads);
		}

	}

	/**
	 * How people wait in lines for locks.
	 *
	 * @param enabled Whether there are lines. Set it on all instances.
	 * @param placeTtl How long a place in a line is kept unless it is refreshed.
	 * @param offer How long the first in a line is offered a free lock.
	 */
	public record Line(boolean enabled, @DefaultValue("30s") Duration placeTtl, @DefaultValue("10s") Duration offer) {

		/**
		 * Checks the values.
		 */
		public Line {
			checked(() -> new PeopleSettings.Line(placeTtl, offer));
		}

		private PeopleSettings.Line settings() {
			return new PeopleSettings.Line(this.placeTtl, this.offer);
		}

	}

	/**
	 * How people ask for locks that others hold.
	 *
	 * @param enabled Whether they can.
	 */
	public record Handover(boolean enabled) {

	}

	/**
	 * How people see who else is looking.
	 *
	 * @param enabled Whether they can.
	 */
	public record Presence(boolean enabled) {

	}

	/**
	 * How the history of locks is kept.
	 *
	 * @param enabled Whether it is kept in Redis. Not needed with a LockHistoryStore
	 * bean.
	 * @param length How many holds of each resource are kept in Redis.
	 * @param retention How long the history of a resource is kept after its last hold.
	 */
	public record History(boolean enabled, @DefaultValue("100") int length, @DefaultValue("30d") Duration retention) {

		/**
		 * Checks the values.
		 */
		public History {
			checked(() -> new PeopleSettings.History(length, retention));
		}

		private PeopleSettings.History settings() {
			return new PeopleSettings.History(this.length, this.retention);
		}

	}

	/** Names the property of an invalid setting. */
	private static void checked(Runnable settings) {
		try {
			settings.run();
		}
		catch (InvalidSettingException ex) {
			throw new InvalidSettingException(propertyOf(ex.getSetting()), ex.getProblem());
		}
	}

	/**
	 * What observations contain.
	 *
	 * @param includeResource Whether observations have the names of resources, as a key
	 * with any number of values.
	 */
	public record Observations(boolean includeResource) {

	}

	/**
	 * How Redis is checked at start-up.
	 *
	 * @param enabled Whether to check that Redis is set up for locks, and that other
	 * instances have settings that fit.
	 */
	public record StartupCheck(@DefaultValue("true") boolean enabled) {

	}

}
