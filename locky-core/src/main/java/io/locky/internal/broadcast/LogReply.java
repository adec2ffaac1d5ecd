package io.locky.internal.broadcast;

import java.util.ArrayList;
import java.util.List;

/**
 * The reply of {@code read.lua}: a part of the log of a partition.
 *
 * @param last the place of the last entry in the log, {@link LogEntry.Id#START} if it is
 * empty
 * @param entries the entries that follow the given place, oldest first
 */
record LogReply(LogEntry.Id last, List<LogEntry> entries) {

	private static final int FIELDS = 3;

	static LogReply read(List<Object> reply) {
		List<LogEntry> entries = new ArrayList<>((reply.size() - 1) / FIELDS);
		for (int i = 1; i < reply.size(); i += FIELDS) {
			entries.add(LogEntry.read((String) reply.get(i), (String) reply.get(i + 1), (String) reply.get(i + 2)));
		}
		return new LogReply(LogEntry.Id.of((String) reply.get(0)), entries);
	}

}
