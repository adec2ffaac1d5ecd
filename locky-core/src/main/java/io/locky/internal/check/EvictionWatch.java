package io.locky.internal.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import io.locky.internal.redis.LockyKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * Notices that Redis evicts keys. Which keys they were is not known afterwards: a lock
 * that was evicted looks like one that was released. Used by one thread.
 */
final class EvictionWatch {

	private static final Logger logger = LoggerFactory.getLogger(EvictionWatch.class);

	private final LockyKeys keys;

	private final Map<String, Long> counts = new HashMap<>();

	private boolean reported;

	private boolean refused;

	private volatile long evicted;

	EvictionWatch(LockyKeys keys) {
		this.keys = keys;
	}

	/**
	 * Compares how many keys the servers have evicted with the number of the last time.
	 * @param connection the connection to them
	 * @return an error for each server that has evicted keys meanwhile; none after the
	 * first such time
	 * @throws DataAccessException if one of them does not answer
	 */
	List<String> sample(RedisConnection connection) {
		List<String> errors = new ArrayList<>();
		if (!this.refused) {
			for (CheckedServer server : CheckedServer.of(connection, this.keys)) {
				Properties info = info(server, connection);
				long count = Long.parseLong(info.getProperty("evicted_keys", "0"));
				long more = moreThanBefore(server.name(), count);
				if (more > 0) {
					this.evicted += more;
					errors.add(error(server, more, info));
				}
			}
		}
		if (this.reported) {
			return List.of();
		}
		this.reported = !errors.isEmpty();
		return errors;
	}

	private Properties info(CheckedServer server, RedisConnection connection) {
		return OptionalCommand.send(() -> server.info(connection, "stats", "memory"), (error) -> {
			logger.debug("Evictions are not noticed", error);
			this.refused = true;
			return new Properties();
		});
	}

	/** A server counts from 0 again after a restart or {@code CONFIG RESETSTAT}. */
	private long moreThanBefore(String server, long count) {
		Long before = this.counts.put(server, count);
		if (before == null) {
			return 0;
		}
		return (count >= before) ? count - before : count;
	}

	private static String error(CheckedServer server, long number, Properties info) {
		String where = server.name().isEmpty() ? "" : "On " + server.name() + ": ";
		return where + "Redis evicts keys: " + number + " since the last look, with maxmemory-policy '"
				+ info.getProperty("maxmemory_policy", "unknown") + "'. If locks are among them, they are free "
				+ "although their holders rely on them, so others may acquire them, and their expiries may never be "
				+ "published. Set maxmemory-policy to 'noeviction' on the Redis that keeps the locks, and give caches "
				+ "a Redis of their own. This is not logged again.";
	}

	/**
	 * How many keys were evicted since the first sample.
	 * @return the number, on all servers that keep locks
	 */
	long evicted() {
		return this.evicted;
	}

}
