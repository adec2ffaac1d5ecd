package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.locky.LockOptions;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.lock.LockCommands.Waiting;
import io.locky.internal.lock.Operations.Operation;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.LookInterval;
import io.locky.internal.redis.ScriptCall;
import org.jspecify.annotations.Nullable;

/**
 * Writes the calls of the scripts for the common cases: one lock that is acquired or
 * released without any special wish. They do what {@code acquire.lua} and
 * {@code release.lua} would do, in about half of the time of Redis. If they find anything
 * unusual, they change nothing, and one of those has to be sent.
 */
final class CommonCases {

	private static final LockyScript<List<Object>> LOCK = LockyScript.ofList(CommonCases.class, "lock");

	private static final LockyScript<List<Object>> UNLOCK = LockyScript.ofList(CommonCases.class, "unlock");

	private static final int MOST_KEYS = 9;

	private static final int MOST_ARGUMENTS = 10;

	private static final List<String> NO_LOG = List.of("", "0");

	private final LockyKeys keys;

	private final Duration lookInterval;

	private final List<String> lastArguments;

	/**
	 * Creates the calls for the keys of one prefix.
	 * @param keys the names of the keys
	 */
	CommonCases(LockyKeys keys) {
		this.keys = keys;
		this.lookInterval = LookInterval.of(keys);
		this.lastArguments = lastArguments(keys);
	}

	private static List<String> lastArguments(LockyKeys keys) {
		String indexed = keys.withLines(keys.hasLockerIndex());
		LockyKeys.EventLog log = keys.eventLog();
		return log.isKept() ? List.of(keys.signals(), indexed, log.origin(), Integer.toString(log.length()))
				: List.of(keys.signals(), indexed);
	}

	/**
	 * Acquires a lock.
	 * @param command the attempt, not sent before
	 * @return the call, or {@code null} if the case is not common; its reply is empty if
	 * nothing changed and the attempt is to be sent with {@code acquire.lua}
	 */
	@Nullable ScriptCall<Optional<AcquireReply>> acquire(AcquireCommand command) {
		Duration ttl = command.ttl();
		// A shorter lease needs a hint for the workers.
		if (this.keys.isNpmInterop() || command.resources().size() > 1 || ttl == null
				|| ttl.compareTo(this.lookInterval) < 0 || !isPlain(command) || isEscapedInJson(command.locker())) {
			return null;
		}
		String resource = command.resources().get(0);
		LockyPartition partition = this.keys.partitionOf(resource);
		List<String> names = keys(resource, partition, partition.fence(),
				partition.operation(command.attempt().place()));
		List<String> arguments = arguments(resource, command.locker(), Long.toString(ttl.toMillis()),
				command.attempt().id());
		if (command.waiting().isSet()) {
			names.add(partition.waiting());
			addWaiter(arguments, command.waiting());
		}
		return LOCK.call(names, arguments, (reply) -> read(resource, ttl, reply));
	}

	private void addWaiter(List<String> arguments, Waiting waiting) {
		if (!this.keys.eventLog().isKept()) {
			arguments.addAll(NO_LOG);
		}
		arguments.add(waiting.waiter());
		arguments.add(waiting.place());
	}

	/**
	 * Releases a lock.
	 * @param locks the locks
	 * @param operation the operation, not sent before
	 * @return the call, or {@code null} if the case is not common; its reply is empty if
	 * nothing changed and the operation is to be sent with {@code release.lua}
	 */
	@Nullable ScriptCall<Optional<ReleaseReply>> release(List<OwnedLock> locks, Operation operation) {
		if (this.keys.isNpmInterop() || this.keys.history() != null || locks.size() > 1) {
			return null;
		}
		OwnedLock lock = locks.get(0);
		LockyPartition partition = this.keys.partitionOf(lock.resource());
		return UNLOCK.call(
				keys(lock.resource(), partition, partition.operation(operation.place()), partition.waiting()),
				arguments(lock.resource(), lock.locker(), lock.fence(), operation.id()),
				(reply) -> read(lock.resource(), reply));
	}

	private List<String> keys(String resource, LockyPartition partition, String fourth, String fifth) {
		List<String> names = new ArrayList<>(MOST_KEYS);
		names.add(partition.lock(resource));
		names.add(partition.records());
		names.add(partition.deadlines());
		names.add(fourth);
		names.add(fifth);
		this.keys.withLines(names, List.of(resource));
		if (this.keys.hasLockerIndex()) {
			names.add(partition.lockers());
		}
		if (this.keys.eventLog().isKept()) {
			names.add(partition.log());
		}
		return names;
	}

	private List<String> arguments(String first, String second, String third, String fourth) {
		List<String> arguments = new ArrayList<>(MOST_ARGUMENTS);
		arguments.add(first);
		arguments.add(second);
		arguments.add(third);
		arguments.add(fourth);
		arguments.addAll(this.lastArguments);
		return arguments;
	}

	private static boolean isPlain(AcquireCommand command) {
		LockOptions options = command.options();
		return !options.force() && options.takeOverFrom() == null && !options.reentrant() && options.maxHold() == null
				&& options.note().isEmpty() && isPlain(command.waiting());
	}

	private static boolean isPlain(Waiting waiting) {
		return waiting.stays() == waiting.isSet() && (waiting.place().isEmpty() || waiting.hasTurn());
	}

	/** Names have no control characters. */
	private static boolean isEscapedInJson(String name) {
		return name.indexOf('"') >= 0 || name.indexOf('\\') >= 0;
	}

	private static Optional<AcquireReply> read(String resource, Duration ttl, List<Object> reply) {
		return switch (Math.toIntExact((Long) reply.get(0))) {
			case 0 -> Optional.of(new AcquireReply.Denied(LockInfoReader.read(resource, reply.subList(1, 7)),
					(reply.size() > 7) ? (String) reply.get(7) : "", false));
			case 1 -> Optional.of(new AcquireReply.Granted(
					List.of(Grant.ofFree(resource, Long.parseLong((String) reply.get(1)), instant(reply.get(2)), ttl)),
					List.of(), false));
			default -> Optional.empty();
		};
	}

	private static Optional<ReleaseReply> read(String resource, List<Object> reply) {
		if (reply.size() == 1) {
			return Optional.empty();
		}
		return Optional.of(new ReleaseReply(resource, (String) reply.get(2), Long.parseLong((String) reply.get(1)),
				instant(reply.get(0)), (reply.size() > 3) ? (String) reply.get(3) : null, null));
	}

	private static Instant instant(Object millis) {
		return Instant.ofEpochMilli(Long.parseLong((String) millis));
	}

}
