package io.locky.internal.broadcast;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScriptRunner;

/**
 * Reads the logs of all partitions. Used by one thread.
 */
final class LogReader {

	private final ScriptRunner scripts;

	private final Map<String, PartitionLog> logs;

	private final Runnable onGap;

	private boolean gap;

	/**
	 * Creates a reader.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param onEntry receives each entry
	 * @param onGap runs once after a round of reading in which some entries were gone, in
	 * however many partitions
	 */
	LogReader(ScriptRunner scripts, LockyKeys keys, Consumer<LogEntry> onEntry, Runnable onGap) {
		this.scripts = scripts;
		this.onGap = onGap;
		this.logs = keys.partitions()
			.stream()
			.collect(Collectors.toMap(LockyPartition::log,
					(partition) -> new PartitionLog(partition, onEntry, this::noteGap)));
	}

	/**
	 * Publishes the event of a hint, after those before it that were missed.
	 * @param hint the hint
	 */
	void follow(LogHint hint) {
		PartitionLog log = this.logs.get(hint.log());
		if (log != null && !log.offer(hint.entry())) {
			reportingGaps(() -> readToEnd(log));
		}
	}

	/**
	 * Publishes all events that were missed.
	 */
	void catchUp() {
		reportingGaps(this::readAll);
	}

	private void readAll() {
		Collection<PartitionLog> all = this.logs.values();
		List<LogReply> replies = this.scripts.runAll(all.stream().map(PartitionLog::readUnpublished).toList());
		int i = 0;
		for (PartitionLog log : all) {
			if (log.accept(replies.get(i++))) {
				readToEnd(log);
			}
		}
	}

	private void noteGap() {
		this.gap = true;
	}

	private void reportingGaps(Runnable reading) {
		try {
			reading.run();
		}
		finally {
			if (this.gap) {
				this.gap = false;
				this.onGap.run();
			}
		}
	}

	private void readToEnd(PartitionLog log) {
		boolean more = true;
		while (more) {
			more = log.accept(this.scripts.run(log.readUnpublished()));
		}
	}

}
