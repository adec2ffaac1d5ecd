package io.locky.internal.broadcast;

import java.util.List;

import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.LockyPartition;
import org.jspecify.annotations.Nullable;

/**
 * An event that has just been added to a log, as it comes on the channel of hints.
 *
 * @param log the key of the log, see {@link LockyPartition#log()}
 * @param entry the event
 */
record LogHint(String log, LogEntry entry) {

	private static final String START = "event:";

	/** The texts before those of the event. */
	private static final int EVENT = 3;

	/**
	 * Reads what {@code log_event} in {@code prelude.lua} published. <pre>
	 * event:["locky:events","1718000000000-0","1718000000001-0",["acquired", and so on]]
	 *        log, id of the entry before it, id, event
	 * </pre>
	 * @param hint the text of the hint
	 * @return the event, or {@code null} if it has a format that this version cannot
	 * read: then the log has it
	 */
	static @Nullable LogHint read(String hint) {
		if (!hint.startsWith(START) || !JsonTexts.isFirstFormat(hint.substring(START.length()))) {
			return null;
		}
		try {
			List<String> texts = JsonTexts.read(hint);
			LogEntry entry = LogEntry.of(texts.get(2), texts.get(1), texts.subList(EVENT, texts.size()));
			return new LogHint(texts.get(0), entry);
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

}
