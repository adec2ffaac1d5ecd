package io.locky.internal.broadcast;

import java.time.Instant;

import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * An event as it stands in the log of a partition.
 *
 * @param id its place in the log
 * @param before the place of the event before it, by which a gap is noticed
 * @param kind what happened
 * @param resource the name of the resource
 * @param locker who holds or held it
 * @param fence the fence of the grant, or 0 if another client wrote the lock
 * @param occurredAt when it happened, by the clock of Redis
 * @param previousLocker from whom the lock was taken over, if it was
 * @param origin the name of the instance that tells it on its own
 * @since 0.1.0
 */
public record LogEntry(LogId id, LogId before, Kind kind, String resource, String locker, long fence,
		Instant occurredAt, @Nullable String previousLocker, String origin) {

	private static final int FIELDS = 7;

	/**
	 * What may happen to a lock.
	 */
	public enum Kind {

		/** It was granted. */
		ACQUIRED,

		/** It was given back. */
		RELEASED,

		/** Its lease ended. */
		EXPIRED

	}

	static LogEntry parse(String id, String before, String text) {
		String[] fields = text.split("\n", FIELDS);
		return new LogEntry(LogId.of(id), LogId.of(before), kind(fields[0]), ScriptValues.unescaped(fields[1]),
				ScriptValues.unescaped(fields[2]), Long.parseLong(fields[3]),
				Instant.ofEpochMilli(Long.parseLong(fields[4])), ScriptValues.text(ScriptValues.unescaped(fields[5])),
				ScriptValues.unescaped(fields[6]));
	}

	private static Kind kind(String text) {
		return switch (text) {
			case "acquired" -> Kind.ACQUIRED;
			case "released" -> Kind.RELEASED;
			case "expired" -> Kind.EXPIRED;
			default -> throw new IllegalArgumentException("An event of an unknown kind: " + text);
		};
	}

}
