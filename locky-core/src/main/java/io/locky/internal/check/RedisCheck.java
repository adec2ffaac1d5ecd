package io.locky.internal.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.Backoff;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Checks once whether Redis is set up for locks. Logs a warning if Redis may evict locks,
 * is too old, or lacks a permission for its user, or if a failover will lose locks. Runs
 * in the background as soon as Redis answers, and never delays the start of an
 * application.
 */
public final class RedisCheck implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RedisCheck.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private final RedisConnectionFactory connections;

	private final ServerCheck check;

	private final @Nullable Duration ttl;

	private final Waiter waiter = new Waiter();

	private volatile @Nullable BackgroundThread thread;

	/**
	 * Creates a check. It runs once it is started.
	 * @param connections the access to Redis
	 * @param keys the names of the keys
	 * @param replicated whether grants wait for replicas
	 * @param ttl the configured length of a lease, or {@code null} for none
	 */
	public RedisCheck(RedisConnectionFactory connections, LockyKeys keys, boolean replicated, @Nullable Duration ttl) {
		this.connections = connections;
		this.check = new ServerCheck(keys, replicated);
		this.ttl = ttl;
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			this.thread = BackgroundThread.start("locky-check", this::checkOnce);
		}
	}

	private void checkOnce(BackgroundThread self) {
		Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
		while (!self.isStopped() && !isDone(self)) {
			try {
				this.waiter.await(pauses.next());
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	/** An outage is logged by the parts that need Redis, not by the check. */
	private boolean isDone(BackgroundThread self) {
		try (RedisConnection connection = this.connections.getConnection()) {
			List<String> warnings = new ArrayList<>(this.check.warnings(connection));
			warnings.addAll(FailoverCheck.warnings(this.connections, this.ttl));
			if (!self.isStopped()) {
				warnings.forEach(logger::warn);
				logger.debug("Redis was checked: {} warnings", warnings.size());
			}
			return true;
		}
		catch (RuntimeException ex) {
			logger.debug("Redis cannot be checked now", ex);
			return false;
		}
	}

	/**
	 * Ends the check, even while it waits for Redis.
	 */
	@Override
	public synchronized void stop() {
		BackgroundThread checker = this.thread;
		this.thread = null;
		if (checker != null) {
			checker.interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

}
