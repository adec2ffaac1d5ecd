package io.locky.internal.broadcast;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of the log of a partition.
 *
 * @param last the place of the last event in the log, {@link LogId#START} if it is empty
 * @param entries the events after the place that was asked for, oldest first
 * @since 0.1.0
 */
public record LogReply(LogId last, List<LogEntry> entries) {

	private static final int FIELDS = 3;

	/**
	 * Reads the answer of the script.
	 * @param answer the answer
	 * @return what it says
	 */
	static LogReply read(List<Object> answer) {
		List<LogEntry> entries = new ArrayList<>((answer.size() - 1) / FIELDS);
		for (int i = 1; i < answer.size(); i += FIELDS) {
			entries.add(LogEntry.parse((String) answer.get(i), (String) answer.get(i + 1), (String) answer.get(i + 2)));
		}
		return new LogReply(LogId.of((String) answer.get(0)), entries);
	}

}
