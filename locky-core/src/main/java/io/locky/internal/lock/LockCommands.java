package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.locky.LockInfo;
import io.locky.LockOptions;
import io.locky.LockWaiter;
import io.locky.internal.lock.Operations.Operation;
import io.locky.internal.lock.Operations.Sending;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.LookInterval;
import io.locky.internal.redis.ScanReply;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * Writes the calls of the scripts for locks. Each call is sent as one command and is
 * atomic. The resources of one call must be of one partition.
 */
final class LockCommands {

	private static final LockyScript<List<Object>> ACQUIRE = LockyScript.ofList(LockCommands.class, "acquire");

	private static final LockyScript<List<Object>> REFRESH = LockyScript.ofList(LockCommands.class, "refresh");

	private static final LockyScript<List<Object>> ATTEND = LockyScript.ofList(LockCommands.class, "attend");

	private static final LockyScript<List<Object>> RELEASE = LockyScript.ofList(LockCommands.class, "release");

	private static final LockyScript<List<Object>> LOOK = LockyScript.ofList(LockCommands.class, "look");

	private static final LockyScript<Long> LEAVE = LockyScript.ofNumber(LockCommands.class, "leave");

	private static final LockyScript<Long> CONFIRM = LockyScript.ofNumber(LockCommands.class, "confirm");

	private static final LockyScript<List<Object>> WAITERS = LockyScript.ofList(LockCommands.class, "waiters");

	private static final LockyScript<List<Object>> FIND = LockyScript.ofList(LockCommands.class, "find");

	private static final LockyScript<List<Object>> HELD = LockyScript.ofList(LockCommands.class, "held");

	private static final LockyScript<List<Object>> SCAN = LockyScript.ofList(LockCommands.class, "scan");

	private final LockyKeys keys;

	private final UnreadableLocks unreadable;

	private final CommonCases common;

	private final String lookInterval;

	/**
	 * Creates the calls for the keys of one prefix.
	 * @param keys the names of the keys
	 */
	LockCommands(LockyKeys keys) {
		this.keys = keys;
		this.unreadable = new UnreadableLocks(keys);
		this.common = new CommonCases(keys);
		this.lookInterval = ScriptValues.millis(LookInterval.of(keys));
	}

	/**
	 * Reports locks that cannot be read.
	 * @return the report of these calls
	 */
	UnreadableLocks unreadable() {
		return this.unreadable;
	}

	/**
	 * The calls for the common cases.
	 * @return what to try first
	 */
	CommonCases common() {
		return this.common;
	}

	/**
	 * Acquires locks. The reply may contain claimed expiries, to be published by the
	 * caller.
	 * @param command the attempt
	 * @param sending why it is sent
	 * @param claimer the worker of this instance, for which expiries are claimed, or
	 * empty if there is none
	 * @param ackTimeout the time after which those expiries can be claimed again, unless
	 * they are acknowledged
	 * @return the call
	 */
	ScriptCall<AcquireReply> acquire(AcquireCommand command, Sending sending, String claimer, Duration ackTimeout) {
		List<String> resources = command.resources();
		LockyPartition partition = partitionOf(resources);
		LockOptions options = command.options();
		Long expected = options.takeOverFrom();
		List<String> arguments = changeArguments();
		arguments.addAll(List.of(ScriptValues.millis(ackTimeout), command.locker(), ScriptValues.millis(command.ttl()),
				ScriptValues.millis(options.maxHold()), command.attempt().id(), ScriptValues.flag(options.force()),
				(expected != null) ? expected.toString() : "", ScriptValues.flag(options.reentrant()), options.note()));
		Waiting waiting = command.waiting();
		arguments.addAll(List.of(sending.text(), claimer, waiting.waiter(), waiting.place(),
				ScriptValues.flag(waiting.stays() && sending != Sending.CHECK), this.lookInterval,
				(options.onlyIfIdle() != null) ? ScriptValues.millis(options.onlyIfIdle()) : ""));
		arguments.addAll(resources);
		return ACQUIRE.call(
				withPeopleAndIndex(partition, resources,
						partition.withLocks(resources, partition.records(), partition.deadlines(), partition.unacked(),
								partition.fence(), partition.npmIndex(), partition.log(),
								partition.operation(command.attempt().place()), partition.waiting())),
				this.keys.withHistorySettings(arguments),
				(reply) -> AcquireReply.read(resources, reply, waiting.isSet(), this.unreadable));
	}

	/**
	 * Resets the TTL of locks.
	 * @param locks the locks, each only if its owner holds it
	 * @param foreignTtl the TTL for a lock that another client wrote, or {@code null} to
	 * leave such a lock as it is
	 * @return the call; its reply has one entry for each lock
	 */
	ScriptCall<RefreshReply> refresh(List<OwnedLock> locks, @Nullable Duration foreignTtl) {
		List<String> resources = resources(locks);
		LockyPartition partition = partitionOf(resources);
		List<String> arguments = new ArrayList<>(List.of(ScriptValues.millis(foreignTtl)));
		return REFRESH.call(partition.withLocks(resources, partition.records(), partition.deadlines()),
				owned(arguments, locks), (reply) -> RefreshReply.read(resources, reply, this.unreadable));
	}

	/**
	 * Resets the TTL of a lock, and reports whether its holder is active.
	 * @param grant the lock, by locker and fence
	 * @param idle for how long the holder has been idle; zero if it is active
	 * @return the call
	 */
	ScriptCall<AttentionReply> attend(OwnedLock grant, Duration idle) {
		LockyPartition partition = this.keys.partitionOf(grant.resource());
		List<String> arguments = this.keys.changeArguments();
		arguments.addAll(List.of(grant.resource(), grant.locker(), grant.fence(), ScriptValues.millis(idle)));
		return ATTEND.call(
				List.of(partition.lock(grant.resource()), partition.records(), partition.deadlines(), partition.log()),
				arguments, (reply) -> AttentionReply.read(grant.resource(), reply, this.unreadable));
	}

	/**
	 * Releases locks.
	 * @param locks the locks, each only if its owner holds it
	 * @param operation the operation that releases them
	 * @param sending why it is sent
	 * @return the call; its reply has those that were released, and is empty if the
	 * operation has not run and never will
	 */
	ScriptCall<Optional<List<ReleaseReply>>> release(List<OwnedLock> locks, Operation operation, Sending sending) {
		List<String> resources = resources(locks);
		LockyPartition partition = partitionOf(resources);
		List<String> arguments = changeArguments();
		arguments.addAll(List.of(operation.id(), sending.text()));
		return RELEASE.call(
				withPeopleAndIndex(partition, resources,
						partition.withLocks(resources, partition.records(), partition.deadlines(), partition.npmIndex(),
								partition.log(), partition.operation(operation.place()), partition.waiting())),
				this.keys.withHistorySettings(owned(arguments, locks)),
				(reply) -> ReleaseReply.read(locks, reply, this.unreadable));
	}

	/**
	 * Finds those of several locks that a waiter may get by an attempt now.
	 * @param resources the resources, of one partition
	 * @return the call; its reply has those that are free or cannot be read, or all if
	 * Redis has no waiters
	 */
	ScriptCall<List<String>> look(List<String> resources) {
		LockyPartition partition = partitionOf(resources);
		List<String> names = new ArrayList<>(resources.size() + 1);
		names.add(partition.waiting());
		resources.forEach((resource) -> names.add(partition.lock(resource)));
		return LOOK.call(names, List.of(),
				(indexes) -> indexes.stream().map((index) -> resources.get(Math.toIntExact((Long) index))).toList());
	}

	/**
	 * Removes waiters, and passes on the turns that they have and do not take up. Sent
	 * twice, it changes nothing more.
	 * @param waiters the waiters, of one partition
	 * @return the call; its reply is how many turns were passed on
	 */
	ScriptCall<Long> leave(List<LeavingWaiter> waiters) {
		List<String> arguments = new ArrayList<>(List.of(this.keys.signals()));
		waiters.forEach((waiter) -> arguments.addAll(List.of(waiter.resource(), waiter.waiter(), waiter.place())));
		return LEAVE.call(List.of(this.keys.partitionOf(waiters.get(0).resource()).waiting()), arguments,
				(count) -> count);
	}

	/**
	 * Writes grants again as they are, so that replicas can acknowledge them.
	 * @param grants the locks, by fence
	 * @return the call; its reply is whether all of them are still held
	 */
	ScriptCall<Boolean> confirm(List<OwnedLock> grants) {
		List<String> arguments = new ArrayList<>();
		grants.forEach((grant) -> arguments.addAll(List.of(grant.resource(), grant.fence())));
		return CONFIRM.call(List.of(partitionOf(resources(grants)).records()), arguments, (reply) -> reply == 1);
	}

	/**
	 * Finds who waits for a lock.
	 * @param resource the name of the resource
	 * @param most how many waiters at most
	 * @return the call
	 */
	ScriptCall<List<LockWaiter>> waiters(String resource, int most) {
		return WAITERS.call(List.of(this.keys.partitionOf(resource).waiting()),
				List.of(resource, Integer.toString(most)), LockCommands::waiters);
	}

	private static List<LockWaiter> waiters(List<Object> reply) {
		List<LockWaiter> waiters = new ArrayList<>(reply.size() / 2);
		for (int i = 0; i < reply.size(); i += 2) {
			String waiter = (String) reply.get(i);
			waiters.add(new LockWaiter(waiter.substring(0, Math.max(0, waiter.lastIndexOf('-'))),
					Instant.ofEpochMilli(Long.parseLong((String) reply.get(i + 1)))));
		}
		return waiters;
	}

	/**
	 * Finds the holders of locks.
	 * @param resources the names of the resources
	 * @return the call; its reply has those that are held, in the order of the resources
	 */
	ScriptCall<List<LockInfo>> find(List<String> resources) {
		LockyPartition partition = partitionOf(resources);
		List<String> names = partition.withLocks(resources, partition.records(), partition.deadlines());
		if (this.keys.isNpmInterop()) {
			names.add(partition.npmIndex());
			names = this.keys.withLockerIndex(partition, names);
		}
		List<String> arguments = new ArrayList<>(List.of(ScriptValues.flag(this.keys.isNpmInterop())));
		arguments.addAll(resources);
		return FIND.call(names, arguments, (reply) -> LockInfoReader.readAll(resources, reply, this.unreadable));
	}

	/**
	 * Scans a part of the records.
	 * @param partition the partition to scan
	 * @param cursor the position in the partition
	 * @param count about how many records to read
	 * @param pattern a glob pattern of resources
	 * @param locker the locker that must hold the lock, or empty
	 * @return the call
	 */
	static ScriptCall<ScanReply> scan(LockyPartition partition, String cursor, int count, String pattern,
			String locker) {
		return SCAN.call(List.of(partition.records()), List.of(cursor, Integer.toString(count), pattern, locker),
				ScanReply::read);
	}

	/**
	 * Finds locks of one locker by the index.
	 * @param partition the partition to look in
	 * @param locker the locker
	 * @param position where to begin, {@link HeldReply#START} first
	 * @param count about how many locks to find
	 * @param start what the resources start with
	 * @return the call
	 */
	static ScriptCall<HeldReply> held(LockyPartition partition, String locker, long position, int count, String start) {
		return HELD.call(List.of(partition.records(), partition.fence(), partition.lockers()),
				List.of(locker, Long.toString(position), Integer.toString(count), start), HeldReply::read);
	}

	private List<String> changeArguments() {
		List<String> arguments = this.keys.changeArguments();
		arguments.set(1, this.keys.withLines(this.keys.isNpmInterop()));
		return arguments;
	}

	private List<String> withPeopleAndIndex(LockyPartition partition, List<String> resources, List<String> names) {
		return this.keys.withLockerIndex(partition,
				this.keys.withHistories(partition, this.keys.withLines(names, resources), resources));
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

	/**
	 * The reply of {@code held.lua}.
	 *
	 * @param position where to continue: {@link #START} at the end, and negative if the
	 * index is not complete, so that the records must be scanned
	 * @param resources the names of the resources that were found
	 */
	record HeldReply(long position, List<String> resources) {

		/** The position of the start and of the end. */
		static final long START = 0;

		private static HeldReply read(List<Object> reply) {
			return new HeldReply((Long) reply.get(0), reply.stream().skip(1).map(String.class::cast).toList());
		}

		boolean isComplete() {
			return this.position >= START;
		}

	}

	/**
	 * One attempt to acquire locks.
	 *
	 * @param resources the names of the resources: all of them or none
	 * @param locker the locker
	 * @param ttl the length of the lease, or {@code null} for one that does not end
	 * @param attempt the operation: sent twice, it is granted once
	 * @param options the options of the request; their TTL is not used
	 * @param waiting the waiter that makes the attempt, or {@link Waiting#NONE}
	 */
	record AcquireCommand(List<String> resources, String locker, @Nullable Duration ttl, Operation attempt,
			LockOptions options, Waiting waiting) {

		/**
		 * An attempt that does not wait.
		 * @param resources the names of the resources: all of them or none
		 * @param locker the locker
		 * @param ttl the length of the lease, or {@code null} for one that does not end
		 * @param attempt the operation
		 * @param options the options of the request
		 */
		AcquireCommand(List<String> resources, String locker, @Nullable Duration ttl, Operation attempt,
				LockOptions options) {
			this(resources, locker, ttl, attempt, options, Waiting.NONE);
		}

	}

	/**
	 * How an attempt for one lock waits.
	 *
	 * @param waiter the waiter, unique among all instances; empty if it does not wait
	 * @param place its place among all waiters of the lock, as the reply to its first
	 * attempt named it; empty before
	 * @param stays whether it goes on waiting if the attempt is denied
	 * @param hasTurn whether it has the turn, or may get it while the attempt is on its
	 * way
	 */
	record Waiting(String waiter, String place, boolean stays, boolean hasTurn) {

		/** The attempt does not wait. */
		static final Waiting NONE = new Waiting("", "", false, false);

		boolean isSet() {
			return !this.waiter.isEmpty();
		}

	}

	/**
	 * A waiter that waits no longer.
	 *
	 * @param resource the lock that it waited for
	 * @param waiter the waiter
	 * @param place its place, empty if it is not known
	 */
	record LeavingWaiter(String resource, String waiter, String place) {

	}

}
