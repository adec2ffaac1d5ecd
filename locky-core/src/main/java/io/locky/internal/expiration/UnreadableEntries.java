package io.locky.internal.expiration;

import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of claims and records that this version cannot read. There may be many of them,
 * at each look: only the first one is named.
 */
final class UnreadableEntries {

	private static final Logger logger = LoggerFactory.getLogger(UnreadableEntries.class);

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Records an entry that stays in Redis.
	 * @param key the key that has it
	 * @param text the entry
	 */
	void found(String key, String text) {
		if (this.warned.compareAndSet(false, true)) {
			logger
				.warn("An expired lock is not published here, because this version cannot read its entry in '{}': {}. "
						+ "The entry stays. If a newer version of Locky wrote it, an instance of that version publishes it; "
						+ "if another client did, delete it. Others like it are not logged.", key, text);
		}
		else {
			logger.debug("An entry in '{}' cannot be read: {}", key, text);
		}
	}

}
