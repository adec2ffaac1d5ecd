package io.locky.internal.broadcast;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The reply of {@code read.lua}: a part of the log of a partition.
 *
 * @param last the place of the last entry in the log, {@link LogEntry.Id#START} if it is
 * empty
 * @param lines the entries that follow the given place, oldest first
 */
record LogReply(LogEntry.Id last, List<Line> lines) {

	private static final int FIELDS = 3;

	static LogReply read(List<Object> reply) {
		List<Line> lines = new ArrayList<>((reply.size() - 1) / FIELDS);
		for (int i = 1; i < reply.size(); i += FIELDS) {
			lines.add(Line.read((String) reply.get(i), (String) reply.get(i + 1), (String) reply.get(i + 2)));
		}
		return new LogReply(LogEntry.Id.of((String) reply.get(0)), lines);
	}

	/**
	 * A line of the log, which has a place also where its event cannot be read.
	 *
	 * @param id its place
	 * @param event its event as it is in the log
	 * @param entry the entry, or {@code null} if another version wrote it in a format
	 * that this one cannot read
	 */
	record Line(LogEntry.Id id, String event, @Nullable LogEntry entry) {

		private static Line read(String id, String before, String event) {
			return new Line(LogEntry.Id.of(id), event, LogEntry.read(id, before, event));
		}

	}

}
