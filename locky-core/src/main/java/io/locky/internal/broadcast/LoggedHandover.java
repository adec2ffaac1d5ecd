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
 * @param askedAt when it asked
 * @param claimableAt from when on the asker may claim the lock, or {@code null}
 * @param decision what the holder answered, or {@code null} if it has not yet
 * @param reason why the holder keeps it, or {@code null}
 */
record LoggedHandover(String request, String asker, @Nullable String note, Instant askedAt,
		@Nullable Instant claimableAt, @Nullable Decision decision, @Nullable String reason) {

	/**
	 * Reads the detail of an entry. <pre>
	 * ["kX9vT2","21","a note","1718000000000","1718000300000","later",""]
	 *  id, asker, note or "", when it asked, from when the lock may be claimed in ms or 0, answer or "", reason or ""
	 * </pre>
	 * @param detail the text, as {@code log_request} in {@code handovers.lua} wrote it
	 * @return what it says
	 * @throws IllegalArgumentException or {@link IndexOutOfBoundsException} if it says
	 * something else
	 */
	static LoggedHandover read(String detail) {
		List<String> texts = JsonTexts.read(detail);
		long claimableAt = Long.parseLong(texts.get(4));
		String answer = texts.get(5);
		return new LoggedHandover(texts.get(0), texts.get(1), ScriptValues.text(texts.get(2)),
				Instant.ofEpochMilli(Long.parseLong(texts.get(3))),
				(claimableAt > 0) ? Instant.ofEpochMilli(claimableAt) : null,
				answer.isEmpty() ? null : Decision.valueOf(answer.toUpperCase(Locale.ROOT)),
				ScriptValues.text(texts.get(6)));
	}

	/**
	 * Reads the detail of an answer.
	 * @param detail the text
	 * @return what it says
	 * @throws IllegalArgumentException or {@link IndexOutOfBoundsException} if it says
	 * something else, or has no answer
	 */
	static LoggedHandover readAnswered(String detail) {
		LoggedHandover handover = read(detail);
		if (handover.decision() == null) {
			throw new IllegalArgumentException("An answer without a decision");
		}
		return handover;
	}

}
