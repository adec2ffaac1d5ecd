package io.locky.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes the calls of the scripts for locks. Each is sent as one command and is atomic.
 * The resources of one call must be of one partition.
 *
 * @since 0.1.0
 */
public final class LockyCalls {

	private final LockyKeys keys;

	/**
	 * Creates the calls for the keys of one prefix.
	 * @param keys the names of the keys
	 */
	public LockyCalls(LockyKeys keys) {
		this.keys = keys;
	}

	/**
	 * Takes locks. Read the answer with {@link AcquireReply#of(List, List)}: it may have
	 * expiries to tell.
	 * @param wanted what is asked for
	 * @param patience after which time a claim on those that is not acknowledged comes
	 * back
	 * @return the call
	 */
	public ScriptCall<List<Object>> acquire(Acquisition wanted, Duration patience) {
		LockyPartition partition = partitionOf(wanted.resources());
		Acquisition.Contention contention = wanted.contention();
		Long expected = contention.expectedFence();
		List<String> arguments = changes(this.keys);
		arguments.addAll(List.of(Replies.millis(patience), wanted.locker(), Replies.millis(wanted.ttl()),
				Replies.millis(wanted.longestHold()), wanted.attempt(), Replies.flag(contention.force()),
				(expected != null) ? expected.toString() : "", Replies.flag(contention.reentrant()), wanted.note()));
		arguments.addAll(wanted.resources());
		return new ScriptCall<>(LockyScript.ACQUIRE, partition.withLocks(wanted.resources(), partition.records(),
				partition.deadlines(), partition.unacked(), partition.fence(), partition.npmIndex(), partition.log()),
				arguments);
	}

	/**
	 * Starts the ttl of locks anew. Read the answer with {@link RefreshReply#of(List)}.
	 * @param locks which locks, if they are held by their owners
	 * @param foreignTtl the ttl for a lock that another client wrote, or {@code null} to
	 * leave such a one as it is
	 * @return the call
	 */
	public ScriptCall<List<Object>> refresh(List<OwnedLock> locks, @Nullable Duration foreignTtl) {
		List<String> resources = resources(locks);
		LockyPartition partition = partitionOf(resources);
		return new ScriptCall<>(LockyScript.REFRESH,
				partition.withLocks(resources, partition.records(), partition.deadlines()),
				owned(list(Replies.millis(foreignTtl)), locks));
	}

	/**
	 * Gives locks back. Read the answer with {@link ReleaseReply#of(List, List)}.
	 * @param locks which locks, if they are held by their owners
	 * @return the call
	 */
	public ScriptCall<List<Object>> release(List<OwnedLock> locks) {
		List<String> resources = resources(locks);
		LockyPartition partition = partitionOf(resources);
		return new ScriptCall<>(LockyScript.RELEASE, partition.withLocks(resources, partition.records(),
				partition.deadlines(), partition.npmIndex(), partition.log()), owned(changes(this.keys), locks));
	}

	/**
	 * Writes grants anew as they are, so that replicas can acknowledge them. The answer
	 * is 1, or 0 if they do not hold any more.
	 * @param grants the locks, by fence
	 * @return the call
	 */
	public ScriptCall<Long> confirm(List<OwnedLock> grants) {
		List<String> arguments = list();
		grants.forEach((grant) -> arguments.addAll(List.of(grant.resource(), grant.fence())));
		return new ScriptCall<>(LockyScript.CONFIRM, List.of(partitionOf(resources(grants)).records()), arguments);
	}

	/**
	 * Asks who holds locks. Read the answer with {@link HeldLock#ofFind(List, List)}.
	 * @param resources the names of the resources
	 * @return the call
	 */
	public ScriptCall<List<Object>> find(List<String> resources) {
		LockyPartition partition = partitionOf(resources);
		return new ScriptCall<>(LockyScript.FIND,
				partition.withLocks(resources, partition.records(), partition.deadlines()), resources);
	}

	/**
	 * Reads a part of the records. Read the answer with {@link ScanReply#of(List)}.
	 * @param partition where to look
	 * @param cursor where to go on
	 * @param count about how many records to look at
	 * @param pattern a glob pattern of resources
	 * @param locker the locker that must hold the lock, or empty
	 * @return the call
	 */
	public static ScriptCall<List<Object>> scan(LockyPartition partition, String cursor, int count, String pattern,
			String locker) {
		return new ScriptCall<>(LockyScript.SCAN, List.of(partition.records()),
				List.of(cursor, Integer.toString(count), pattern, locker));
	}

	/**
	 * Reads a part of the index of the npm package. Read the answer with
	 * {@link ScanReply#of(List)}: it has names of keys.
	 * @param partition where to look
	 * @param cursor where to go on
	 * @param count about how many keys to look at
	 * @return the call
	 */
	public static ScriptCall<List<Object>> npmIndex(LockyPartition partition, String cursor, int count) {
		return new ScriptCall<>(LockyScript.INDEX, List.of(partition.npmIndex()),
				List.of(cursor, Integer.toString(count)));
	}

	/**
	 * Keeps record of locks that the npm package took. The answer is how many were new.
	 * @param resources the names of the resources
	 * @return the call
	 */
	public ScriptCall<Long> adopt(List<String> resources) {
		LockyPartition partition = partitionOf(resources);
		List<String> arguments = list(this.keys.signals());
		arguments.addAll(resources);
		return new ScriptCall<>(LockyScript.ADOPT,
				partition.withLocks(resources, partition.records(), partition.deadlines(), partition.fence()),
				arguments);
	}

	/**
	 * Reads a part of the event log. Read the answer with {@link LogReply#of(List)}.
	 * @param partition where to look
	 * @param after the place of the event before those to read, or {@code null} to read
	 * only where the log ends
	 * @param most how many at most
	 * @return the call
	 */
	public static ScriptCall<List<Object>> log(LockyPartition partition, @Nullable LogId after, int most) {
		return new ScriptCall<>(LockyScript.LOG, List.of(partition.log()),
				List.of((after != null) ? after.toString() : "", Integer.toString(most)));
	}

	private LockyPartition partitionOf(List<String> resources) {
		return this.keys.partitionOf(resources.get(0));
	}

	private static List<String> resources(List<OwnedLock> locks) {
		return locks.stream().map(OwnedLock::resource).toList();
	}

	private static List<String> owned(List<String> arguments, List<OwnedLock> locks) {
		locks.forEach((lock) -> arguments.addAll(List.of(lock.resource(), lock.locker(), lock.fence())));
		return arguments;
	}

	/** What every script that changes locks is told first. */
	static List<String> changes(LockyKeys keys) {
		return list(keys.signals(), Replies.flag(keys.isNpmInterop()), keys.eventLog().origin(),
				Integer.toString(keys.eventLog().length()));
	}

	static List<String> list(String... values) {
		return new ArrayList<>(Arrays.asList(values));
	}

}
