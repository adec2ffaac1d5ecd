package io.locky.check;

import java.time.Duration;
import java.util.List;

import io.locky.redis.LockyKeys;
import io.locky.signal.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Looks once whether Redis is set up for locks, and warns where it is not: where it may
 * evict locks, is too old, or does not let its user do what locks need. It works in the
 * background, as soon as Redis answers, and never keeps an application from starting.
 *
 * @since 0.1.0
 */
public final class RedisCheck implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(RedisCheck.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private final RedisConnectionFactory connections;

	private final ServerCheck check;

	private final Waiter waiter = new Waiter();

	private volatile @Nullable Thread thread;

	/**
	 * Creates a check. It works once it is started.
	 * @param connections the access to Redis
	 * @param keys the names of the keys
	 * @param replicated whether grants wait for replicas
	 */
	public RedisCheck(RedisConnectionFactory connections, LockyKeys keys, boolean replicated) {
		this.connections = connections;
		this.check = new ServerCheck(keys, replicated);
	}

	@Override
	public synchronized void start() {
		if (this.thread == null) {
			Thread checker = new Thread(this::run, "locky-check");
			checker.setDaemon(true);
			this.thread = checker;
			checker.start();
		}
	}

	private void run() {
		Duration pause = FIRST_PAUSE;
		while (isCurrent() && !isDone()) {
			try {
				this.waiter.await(pause);
			}
			catch (InterruptedException ex) {
				return;
			}
			Duration doubled = pause.multipliedBy(2);
			pause = (doubled.compareTo(LONGEST_PAUSE) < 0) ? doubled : LONGEST_PAUSE;
		}
	}

	private boolean isCurrent() {
		return this.thread == Thread.currentThread();
	}

	/** Whoever needs Redis says that it does not answer: nobody needs the check. */
	private boolean isDone() {
		try (RedisConnection connection = this.connections.getConnection()) {
			List<String> warnings = this.check.warnings(connection);
			if (isCurrent()) {
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
	 * Ends the check, also one that waits for Redis.
	 */
	@Override
	public synchronized void stop() {
		Thread checker = this.thread;
		this.thread = null;
		if (checker != null) {
			checker.interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.thread != null;
	}

	/**
	 * After the connection to Redis when starting, before it when stopping.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

}
