package io.locky.internal.broadcast;

import java.util.List;
import java.util.function.Consumer;

import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;
import org.jspecify.annotations.Nullable;

/**
 * The log of one partition, and how far it has been published here. Each entry names the
 * one before it, so that a gap is noticed. Used by one thread.
 */
final class PartitionLog {

	private static final LockyScript<List<Object>> READ = LockyScript.ofList(PartitionLog.class, "read");

	private static final int PORTION = 500;

	private final LockyPartition partition;

	private final Consumer<LogEntry> onEntry;

	private final Runnable onGap;

	private final Consumer<LogReply.Line> onUnreadable;

	private LogEntry.@Nullable Id position;

	/**
	 * Creates the view on a log. Entries that it has by now are not published.
	 * @param partition whose log
	 * @param onEntry receives each entry, in their order
	 * @param onGap runs where some entries are gone
	 * @param onUnreadable receives what cannot be read and is skipped
	 */
	PartitionLog(LockyPartition partition, Consumer<LogEntry> onEntry, Runnable onGap,
			Consumer<LogReply.Line> onUnreadable) {
		this.partition = partition;
		this.onEntry = onEntry;
		this.onGap = onGap;
		this.onUnreadable = onUnreadable;
	}

	/**
	 * Publishes an entry that came as a hint, if it is the next one.
	 * @param entry the entry
	 * @return whether all entries up to this one have been published
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
		publish(entry);
		return true;
	}

	/**
	 * Reads the entries that have not been published.
	 * @return the call
	 */
	ScriptCall<LogReply> readUnpublished() {
		return READ.call(List.of(this.partition.log()),
				List.of((this.position != null) ? this.position.toString() : "", Integer.toString(PORTION)),
				LogReply::read);
	}

	/**
	 * Publishes what has been read.
	 * @param reply the reply to {@link #readUnpublished()}
	 * @return whether there may be more to read
	 */
	boolean accept(LogReply reply) {
		if (this.position == null) {
			this.position = reply.last();
			return false;
		}
		for (LogReply.Line line : reply.lines()) {
			LogEntry entry = line.entry();
			if (entry == null) {
				this.position = line.id();
				this.onUnreadable.accept(line);
				continue;
			}
			if (!entry.before().equals(this.position)) {
				this.onGap.run();
			}
			publish(entry);
		}
		if (reply.lines().size() == PORTION) {
			return true;
		}
		if (!reply.last().equals(this.position)) {
			// The log ends before what was published: Redis has lost data.
			this.position = reply.last();
			this.onGap.run();
		}
		return false;
	}

	private void publish(LogEntry entry) {
		this.position = entry.id();
		this.onEntry.accept(entry);
	}

}
