package io.locky.internal.broadcast;

import java.util.List;
import java.util.function.Consumer;

import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;
import org.jspecify.annotations.Nullable;

/**
 * How far the log of one partition has been told. Each entry names the one before it, so
 * that nothing is skipped without notice. Used by one thread.
 */
final class PartitionLog {

	private static final LockyScript<List<Object>> READ = LockyScript.ofList(PartitionLog.class, "read");

	private static final int PORTION = 500;

	private final LockyPartition partition;

	private final Consumer<LogEntry> told;

	private final Runnable missed;

	private @Nullable LogId position;

	/**
	 * Creates the view on a log. What is in it by now is not told.
	 * @param partition whose log
	 * @param told hears of each entry, in their order
	 * @param missed hears that some entries are gone
	 */
	PartitionLog(LockyPartition partition, Consumer<LogEntry> told, Runnable missed) {
		this.partition = partition;
		this.told = told;
		this.missed = missed;
	}

	/**
	 * Tells an entry that came as a hint, if it is the next one.
	 * @param entry the entry
	 * @return whether all entries up to this one have been told
	 */
	boolean offer(LogEntry entry) {
		if (this.position == null) {
			return false;
		}
		if (entry.id().compareTo(this.position) <= 0) {
			return true;
		}
		if (!entry.before().equals(this.position)) {
			return false;
		}
		tell(entry);
		return true;
	}

	/**
	 * The question for what has not been told.
	 * @return the call
	 */
	ScriptCall<LogReply> unread() {
		return READ.call(List.of(this.partition.log()),
				List.of((this.position != null) ? this.position.toString() : "", Integer.toString(PORTION)),
				LogReply::read);
	}

	/**
	 * Tells what has been read.
	 * @param reply the answer to {@link #unread()}
	 * @return whether there may be more to read
	 */
	boolean accept(LogReply reply) {
		if (this.position == null) {
			this.position = reply.last();
			return false;
		}
		for (LogEntry entry : reply.entries()) {
			if (!entry.before().equals(this.position)) {
				this.missed.run();
			}
			tell(entry);
		}
		if (reply.entries().size() == PORTION) {
			return true;
		}
		if (!reply.last().equals(this.position)) {
			// The log ends before what was told: Redis has lost data.
			this.position = reply.last();
			this.missed.run();
		}
		return false;
	}

	private void tell(LogEntry entry) {
		this.position = entry.id();
		this.told.accept(entry);
	}

}
