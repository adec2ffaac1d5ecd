package io.locky.broadcast;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.locky.blocking.ScriptRunner;
import io.locky.redis.LockyKeys;
import io.locky.redis.LockyPartition;
import io.locky.redis.LogEntry;
import io.locky.redis.LogHint;
import io.locky.redis.LogReply;

/**
 * Reads the logs of all partitions. Used by one thread.
 */
final class LogReader {

	private final ScriptRunner scripts;

	private final Map<String, PartitionLog> logs;

	LogReader(ScriptRunner scripts, LockyKeys keys, Consumer<LogEntry> told, Runnable missed) {
		this.scripts = scripts;
		this.logs = keys.partitions()
			.stream()
			.collect(Collectors.toMap(LockyPartition::log, (partition) -> new PartitionLog(partition, told, missed)));
	}

	/**
	 * Tells the event of a hint, and those before it that were missed.
	 * @param hint the hint
	 */
	void follow(LogHint hint) {
		PartitionLog log = this.logs.get(hint.log());
		if (log != null && !log.offer(hint.entry())) {
			readToEnd(log);
		}
	}

	/**
	 * Tells all events that were missed.
	 */
	void catchUp() {
		Collection<PartitionLog> all = this.logs.values();
		List<List<Object>> answers = this.scripts.runAll(all.stream().map(PartitionLog::unread).toList());
		int i = 0;
		for (PartitionLog log : all) {
			if (log.accept(LogReply.of(answers.get(i++)))) {
				readToEnd(log);
			}
		}
	}

	private void readToEnd(PartitionLog log) {
		boolean more = true;
		while (more) {
			more = log.accept(LogReply.of(this.scripts.run(log.unread())));
		}
	}

}
