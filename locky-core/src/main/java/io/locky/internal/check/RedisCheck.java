package io.locky.internal.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.Backoff;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Checks whether Redis is set up for locks. Logs a warning if Redis may evict locks, is
 * too old, or lacks a permission for its user, or if a failover will lose locks. Then
 * looks once a minute whether Redis evicts keys, and whether other instances have
 * settings that do not fit. Runs in the background as soon as Redis answers, and never
 * delays the start of an application.
 */
public final class RedisCheck implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RedisCheck.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private static final Duration PERIOD = Duration.ofMinutes(1);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

	private final RedisConnectionFactory connections;

	private final ServerCheck check;

	private final @Nullable Duration ttl;

	private final FleetSettings fleet;

	private final EvictionWatch evictions;

	private final Duration period;

	private final Waiter waiter = new Waiter();

	/** Of the last check. */
	private volatile List<String> warnings = List.of();

	private volatile boolean looking;

	private volatile @Nullable BackgroundThread thread;

	/**
	 * Creates a check. It runs once it is started.
	 * @param connections the access to Redis
	 * @param keys the names of the keys
	 * @param replicated whether grants wait for replicas
	 * @param instance the name of this instance, unique among all instances
	 * @param ttl the configured length of a lease, or {@code null} for none
	 */
	public RedisCheck(RedisConnectionFactory connections, LockyKeys keys, boolean replicated, String instance,
			@Nullable Duration ttl) {
		this(connections, keys, replicated, instance, ttl, PERIOD);
	}

	RedisCheck(RedisConnectionFactory connections, LockyKeys keys, boolean replicated, String instance,
			@Nullable Duration ttl, Duration period) {
		this.connections = connections;
		this.check = new ServerCheck(keys, replicated);
		this.ttl = ttl;
		this.fleet = new FleetSettings(new ScriptRunner(connections), keys, instance, period);
		this.evictions = new EvictionWatch(keys);
		this.period = period;
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			this.looking = false;
			this.thread = BackgroundThread.start("locky-check", this::work);
		}
	}

	private void work(BackgroundThread self) {
		Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
		boolean checked = false;
		try {
			while (!self.isStopped()) {
				// What is wrong may be put right while the application runs.
				checked = (checked && this.warnings.isEmpty()) || isDone(self);
				if (checked) {
					look(self);
				}
				this.waiter.await(checked ? this.period : pauses.next());
			}
		}
		catch (InterruptedException ex) {
			logger.debug("The check of Redis ends");
		}
		finally {
			leave();
		}
	}

	/** An outage is logged by the parts that need Redis, not by the check. */
	private boolean isDone(BackgroundThread self) {
		try (RedisConnection connection = this.connections.getConnection()) {
			List<String> found = new ArrayList<>(this.check.warnings(connection));
			found.addAll(FailoverCheck.warnings(this.connections, this.ttl));
			List<String> known = this.warnings;
			if (!self.isStopped()) {
				found.stream().filter((warning) -> !known.contains(warning)).forEach(logger::warn);
				logger.debug("Redis was checked: {} warnings", found.size());
			}
			this.warnings = found;
			return true;
		}
		catch (RuntimeException ex) {
			logger.debug("Redis cannot be checked now", ex);
			return false;
		}
	}

	private void look(BackgroundThread self) {
		// Before the look at the stop: either this thread ends now, or the stop waits.
		this.looking = true;
		if (self.isStopped()) {
			return;
		}
		try (RedisConnection connection = this.connections.getConnection()) {
			this.evictions.sample(connection).forEach(logger::error);
			this.fleet.refresh().forEach(logger::warn);
		}
		catch (Throwable ex) {
			logger.debug("Redis cannot be looked at now", ex);
		}
	}

	/** Instances that start with other settings now must not be warned. */
	private void leave() {
		if (this.fleet.isRecorded()) {
			try (RedisConnection connection = this.connections.getConnection()) {
				this.fleet.forget(connection);
			}
			catch (RuntimeException ex) {
				logger.debug("The settings of this instance stay in Redis for a while", ex);
			}
		}
	}

	/**
	 * Ends the check, even while it waits for Redis: then after a second at most.
	 */
	@Override
	public synchronized void stop() {
		BackgroundThread checker = this.thread;
		this.thread = null;
		if (checker != null) {
			checker.stop();
			this.waiter.wake();
			if (!this.looking || !checker.awaitEnd(STOP_TIMEOUT)) {
				checker.interrupt();
			}
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	/**
	 * What the last check found that the user may not do.
	 * @return the warnings
	 */
	public List<String> missingPermissions() {
		return this.warnings.stream().filter(PermissionWarnings::includes).toList();
	}

	/**
	 * How many keys Redis has evicted since this instance watches it.
	 * @return the number, 0 if the user may not read it
	 */
	long evictedKeys() {
		return this.evictions.evicted();
	}

}
