package io.locky;

import java.time.Duration;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;

/**
 * The settings of a {@link io.locky.core.LockyTemplate LockyTemplate}. Immutable. With
 * Spring Boot they are created from the properties {@code locky.*}. <pre>{@code
 * LockySettings.builder().ttl(Duration.ofSeconds(30)).build()
 * }</pre>
 *
 * @since 0.9.0
 */
public final class LockySettings {

	/** The prefix of the npm package {@code locky}, so that both can share one Redis. */
	public static final String DEFAULT_PREFIX = "locky:";

	private final Builder values;

	private LockySettings(Builder values) {
		this.values = values;
	}

	/**
	 * Starts a builder with the defaults.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * The length of a lease unless a request sets another one.
	 * @return the length, or {@code null} if locks do not expire
	 */
	public @Nullable Duration ttl() {
		return this.values.ttl;
	}

	/**
	 * What every key in Redis starts with.
	 * @return the prefix
	 */
	public String prefix() {
		return this.values.prefix;
	}

	/**
	 * Whether this instance publishes expired locks.
	 * @return whether there is an expiration worker
	 */
	public boolean expiration() {
		return this.values.expiration;
	}

	/**
	 * How long listeners may take to handle an expiry before it is published again.
	 * @return the time-out
	 */
	public Duration ackTimeout() {
		return this.values.ackTimeout;
	}

	/**
	 * How many expiries listeners may handle at once.
	 * @return the number of threads
	 */
	public int listenerThreads() {
		return this.values.listenerThreads;
	}

	/**
	 * What runs the listeners of an expiry in a transaction.
	 * @return the transaction, or {@code null} if they run without one
	 */
	public @Nullable TransactionOperations expirationTransaction() {
		return this.values.expirationTransaction;
	}

	/**
	 * Whether this instance publishes the events of all other instances too.
	 * @return whether events are broadcast
	 */
	public boolean broadcast() {
		return this.values.broadcast;
	}

	/**
	 * The name of this instance in the events that other instances publish.
	 * @return the name, random unless it was set
	 */
	public String instance() {
		return this.values.instance;
	}

	/**
	 * About how many events Redis keeps for instances that missed them.
	 * @return the length of the event log
	 */
	public int eventLogLength() {
		return this.values.eventLogLength;
	}

	/**
	 * Whether locks are shared with the npm package {@code locky}.
	 * @return whether its index is kept
	 */
	public boolean npmInterop() {
		return this.values.npmInterop;
	}

	/**
	 * Whether the locks of each locker are indexed.
	 * @return whether the index is kept
	 */
	public boolean lockerIndex() {
		return this.values.lockerIndex;
	}

	/**
	 * How many replicas must acknowledge a lock before it is granted.
	 * @return the number, 0 for none
	 */
	public int minReplicasAck() {
		return this.values.minReplicasAck;
	}

	/**
	 * How long to wait for these acknowledgements before the attempt fails.
	 * @return the time-out
	 */
	public Duration minReplicasAckTimeout() {
		return this.values.minReplicasAckTimeout;
	}

	/**
	 * How long a shutdown waits for methods that hold locks.
	 * @return the time-out
	 */
	public Duration shutdownTimeout() {
		return this.values.shutdownTimeout;
	}

	/**
	 * Whether Redis and the settings of other instances are checked.
	 * @return whether to warn of unsafe settings and missing permissions
	 */
	public boolean startupCheck() {
		return this.values.startupCheck;
	}

	/**
	 * What is kept for people around locks.
	 * @return the settings of lines and of the history
	 */
	public PeopleSettings people() {
		return this.values.people;
	}

	/**
	 * A builder of settings. Each method refuses an invalid value with an
	 * {@link InvalidSettingException} that names it.
	 */
	public static final class Builder implements Cloneable {

		private @Nullable Duration ttl;

		private String prefix = DEFAULT_PREFIX;

		private boolean expiration = true;

		private Duration ackTimeout = Duration.ofSeconds(30);

		private int listenerThreads = 4;

		private @Nullable TransactionOperations expirationTransaction;

		private boolean broadcast;

		private String instance = UUID.randomUUID().toString();

		private int eventLogLength = 100_000;

		private boolean npmInterop;

		private boolean lockerIndex = true;

		private int minReplicasAck;

		private Duration minReplicasAckTimeout = Duration.ofSeconds(1);

		private Duration shutdownTimeout = Duration.ofSeconds(15);

		private boolean startupCheck = true;

		private PeopleSettings people = PeopleSettings.NONE;

		private Builder() {
		}

		/**
		 * Sets the length of a lease. Locks do not expire by default.
		 * @param length from 1 ms to 365 days, or {@code null} for locks that do not
		 * expire
		 * @return this builder
		 */
		public Builder ttl(@Nullable Duration length) {
			this.ttl = (length != null) ? LeaseTime.require(length, "ttl") : null;
			return this;
		}

		/**
		 * Sets what every key in Redis starts with, {@value LockySettings#DEFAULT_PREFIX}
		 * by default.
		 * @param text the prefix: not blank, without control characters, and without
		 * {@code lock:} except at its start, because then its keys could be those of
		 * locks with a shorter prefix; on Redis Cluster without an empty hash tag
		 * @return this builder
		 */
		public Builder prefix(String text) {
			this.prefix = KeyPrefix.require(text, "prefix");
			return this;
		}

		/**
		 * Sets whether this instance publishes expired locks, true by default.
		 * @param enabled whether to start an expiration worker
		 * @return this builder
		 */
		public Builder expiration(boolean enabled) {
			this.expiration = enabled;
			return this;
		}

		/**
		 * Sets how long listeners may take before an expiry is published again; 30 s.
		 * @param timeout from 1 s to 365 days
		 * @return this builder
		 */
		public Builder ackTimeout(Duration timeout) {
			InvalidSettingException.require(timeout.compareTo(Duration.ofSeconds(1)) >= 0, "ackTimeout",
					() -> "must be at least 1 second");
			this.ackTimeout = LeaseTime.require(timeout, "ackTimeout");
			return this;
		}

		/**
		 * Sets how many expiries, of different resources, listeners handle at once; 4.
		 * @param threads the number of threads, at least 1
		 * @return this builder
		 */
		public Builder listenerThreads(int threads) {
			InvalidSettingException.require(threads > 0, "listenerThreads", () -> "must be at least 1");
			this.listenerThreads = threads;
			return this;
		}

		/**
		 * Sets the transaction in which the listeners of an expiry run; without one by
		 * default. If it is rolled back, also by the exception of a listener, the expiry
		 * is published again after the {@linkplain #ackTimeout(Duration) ack time-out}.
		 * @param transaction usually a
		 * {@link org.springframework.transaction.support.TransactionTemplate}, or
		 * {@code null} for none
		 * @return this builder
		 */
		public Builder expirationTransaction(@Nullable TransactionOperations transaction) {
			this.expirationTransaction = transaction;
			return this;
		}

		/**
		 * Sets whether this instance publishes the events of all other instances too,
		 * false by default. Set it on all instances.
		 * @param enabled whether to write and follow the event log
		 * @return this builder
		 */
		public Builder broadcast(boolean enabled) {
			this.broadcast = enabled;
			return this;
		}

		/**
		 * Sets the name of this instance in the events that other instances publish,
		 * random by default.
		 * @param name a name that no other instance has, not blank
		 * @return this builder
		 */
		public Builder instance(String name) {
			InvalidSettingException.require(!name.isBlank(), "instance", () -> "must not be empty");
			this.instance = name;
			return this;
		}

		/**
		 * Sets about how many events Redis keeps for instances that missed them, for one
		 * hour at most; 100 000 by default.
		 * @param length at least 1 000
		 * @return this builder
		 */
		public Builder eventLogLength(int length) {
			InvalidSettingException.require(length >= 1000, "eventLogLength", () -> "must be at least 1000");
			this.eventLogLength = length;
			return this;
		}

		/**
		 * Sets whether locks are shared with the npm package {@code locky}, false by
		 * default.
		 * @param enabled whether to keep its index, and to publish the expiry of its
		 * locks
		 * @return this builder
		 */
		public Builder npmInterop(boolean enabled) {
			this.npmInterop = enabled;
			return this;
		}

		/**
		 * Sets whether the locks of each locker are indexed, true by default. Then
		 * {@code unlockAll} and the list of the locks of one locker read only these
		 * locks, and not those of all lockers. Set it on all instances.
		 * @param enabled whether to keep the index
		 * @return this builder
		 */
		public Builder lockerIndex(boolean enabled) {
			this.lockerIndex = enabled;
			return this;
		}

		/**
		 * Sets how many replicas must acknowledge a lock before it is granted, none by
		 * default. Only with Lettuce, and not on Redis Cluster.
		 * @param replicas the number of replicas, 0 for none
		 * @param timeout how long to wait for them before the lock is released and the
		 * attempt fails, at least 1 ms; 1 s by default
		 * @return this builder
		 */
		public Builder minReplicasAck(int replicas, Duration timeout) {
			InvalidSettingException.require(replicas >= 0, "minReplicasAck", () -> "must not be negative");
			this.minReplicasAck = replicas;
			this.minReplicasAckTimeout = LeaseTime.require(timeout, "minReplicasAckTimeout");
			return this;
		}

		/**
		 * Sets how long a shutdown waits for methods that hold locks, 15 s by default.
		 * Their locks are renewed until then. It should be 15 s less than the time that
		 * the application context gives to each phase of a shutdown.
		 * @param timeout from 1 ms to 365 days
		 * @return this builder
		 */
		public Builder shutdownTimeout(Duration timeout) {
			this.shutdownTimeout = LeaseTime.require(timeout, "shutdownTimeout");
			return this;
		}

		/**
		 * Sets whether to check Redis at start-up and once a minute, and to warn of what
		 * may lose locks, true by default.
		 * @param enabled whether to check
		 * @return this builder
		 */
		public Builder startupCheck(boolean enabled) {
			this.startupCheck = enabled;
			return this;
		}

		/**
		 * Sets what is kept for people around locks, nothing by default. Set it on all
		 * instances.
		 * @param settings the settings of lines and of the history
		 * @return this builder
		 */
		public Builder people(PeopleSettings settings) {
			this.people = settings;
			return this;
		}

		/**
		 * Builds the settings.
		 * @return the settings, which later calls of this builder do not change
		 */
		public LockySettings build() {
			try {
				return new LockySettings((Builder) clone());
			}
			catch (CloneNotSupportedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
