package io.locky.internal.lock;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.locky.UnreadableLockException;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognises the locks of a reply that Redis could not read, and reports them: with an
 * exception where one lock was asked for, else with one warning for each lock.
 */
final class UnreadableLocks {

	private static final Logger logger = LoggerFactory.getLogger(UnreadableLocks.class);

	private static final long KEY = -11;

	private static final long RECORD = -12;

	/** The most names to remember. Of the others, some may be warned of again. */
	private static final int MOST = 1000;

	private final LockyKeys keys;

	private final Set<String> warned = Collections
		.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<String, Boolean>() {

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
				return size() > MOST;
			}

		}));

	UnreadableLocks(LockyKeys keys) {
		this.keys = keys;
	}

	/**
	 * Whether a number in a reply says that a lock cannot be read.
	 * @param code the number in the place of a fence or of the rest of a lease
	 * @return whether it does
	 */
	static boolean isUnreadable(long code) {
		return code == KEY || code == RECORD;
	}

	/**
	 * Describes a lock that cannot be read.
	 * @param resource the name of the resource
	 * @param code the number in the reply
	 * @return the exception that names it and says what to do
	 */
	UnreadableLockException exception(String resource, long code) {
		LockyPartition partition = this.keys.partitionOf(resource);
		String message = (code == KEY)
				? "The lock '%s' cannot be read: the key '%s' has another type than a lock. ".formatted(resource,
						partition.lock(resource)) + "Something else wrote it; delete the key if it is not needed."
				: ("The lock '%s' cannot be read: its record in '%s' is damaged, or of a newer version of Locky. "
						+ "Update this instance if others are newer; else delete the record with HDEL.")
					.formatted(resource, partition.records());
		return new UnreadableLockException(resource, message);
	}

	/**
	 * Reports a lock of several that cannot be read. A command for one lock fails.
	 * @param resource the name of the resource
	 * @param code the number in the reply
	 * @param locks how many locks the command named
	 */
	void report(String resource, long code, int locks) {
		UnreadableLockException failure = exception(resource, code);
		if (locks == 1) {
			throw failure;
		}
		warn(failure);
	}

	/**
	 * Logs a warning, once for each lock.
	 * @param failure describes the lock
	 */
	void warn(UnreadableLockException failure) {
		if (this.warned.add(failure.getResource())) {
			logger.warn("{} It is left out for now.",
					String.valueOf(failure.getMessage()).replaceAll("\\p{Cntrl}", "?"));
		}
	}

}
