package io.locky.internal.broadcast;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScriptRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.StringUtils;

/**
 * Reads the logs of all partitions. Used by one thread.
 */
final class LogReader {

	private static final Logger logger = LoggerFactory.getLogger(LogReader.class);

	private static final int MOST_SHOWN = 200;

	private final ScriptRunner scripts;

	private final Map<String, PartitionLog> logs;

	private final Runnable onGap;

	private boolean gap;

	private boolean warned;

	/**
	 * Creates a reader.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param onEntry receives each entry
	 * @param onGap runs once after a round of reading in which some entries were gone or
	 * could not be read, in however many partitions
	 */
	LogReader(ScriptRunner scripts, LockyKeys keys, Consumer<LogEntry> onEntry, Runnable onGap) {
		this.scripts = scripts;
		this.onGap = onGap;
		this.logs = keys.partitions()
			.stream()
			.collect(Collectors.toMap(LockyPartition::log, (partition) -> new PartitionLog(partition, onEntry,
					this::noteGap, (line) -> noteUnreadable(partition, line))));
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

	/**
	 * What cannot be read stays in the log, for instances of the version that wrote it.
	 */
	private void noteUnreadable(LockyPartition partition, LogReply.Line line) {
		noteGap();
		if (!this.warned) {
			this.warned = true;
			logger.warn(
					"The event log '{}' has entries that cannot be read, the first with the id {}: {}. They are "
							+ "skipped. If another version of Locky wrote them, run the same version on all instances.",
					partition.log(), line.id(), StringUtils.truncate(line.event(), MOST_SHOWN));
		}
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
