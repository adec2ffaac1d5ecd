package io.locky.internal.broadcast;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.locky.event.HandoverAnsweredEvent.Decision;
import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of the log says about a request to hand over a lock.
 *
 * @param request the id of the request
 * @param asker the locker that asks
 * @param note its text for the holder, or {@code null}
 * @param decision what the holder answered, or {@code null} if the entry is not about an
 * answer
 * @param claimableAt from when on the asker may claim the lock, or {@code null}
 * @param reason why the holder keeps it, or {@code null}
 */
record LoggedHandover(String request, String asker, @Nullable String note, @Nullable Decision decision,
		@Nullable Instant claimableAt, @Nullable String reason) {

	private static final int ANSWER = 3;

	/**
	 * Reads the detail of an entry. <pre>
	 * ["kX9vT2","21","a note","later","1718000300000",""]
	 *  id, asker, note or "", and of an answer: what it is, from when the lock may be claimed in ms or 0, reason or ""
	 * </pre>
	 * @param detail the text, as {@code log_request} in {@code handovers.lua} wrote it
	 * @param isAnswer whether the entry is about an answer
	 * @return what it says
	 * @throws IllegalArgumentException or {@link IndexOutOfBoundsException} if it says
	 * something else
	 */
	static LoggedHandover read(String detail, boolean isAnswer) {
		List<String> texts = JsonTexts.read(detail);
		String note = ScriptValues.text(texts.get(2));
		if (!isAnswer) {
			return new LoggedHandover(texts.get(0), texts.get(1), note, null, null, null);
		}
		long millis = Long.parseLong(texts.get(ANSWER + 1));
		return new LoggedHandover(texts.get(0), texts.get(1), note,
				Decision.valueOf(texts.get(ANSWER).toUpperCase(Locale.ROOT)),
				(millis > 0) ? Instant.ofEpochMilli(millis) : null, ScriptValues.text(texts.get(ANSWER + 2)));
	}

}
