package io.locky.internal.people;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.locky.LockInfo;
import io.locky.UnreadableLockException;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptValues;
import io.locky.people.HandoverAnswer;
import io.locky.people.HandoverAnswer.Later;
import io.locky.people.HandoverAnswer.No;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.HandoversFullException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the calls of the scripts for requests to holders, and reads their replies.
 */
final class HandoverCommands {

	/** How many lockers may ask for a lock at once. */
	static final int MOST = 32;

	private static final LockyScript<List<Object>> ASK = LockyScript.ofList(HandoverCommands.class, "ask");

	private static final LockyScript<List<Object>> REQUESTS = LockyScript.ofList(HandoverCommands.class, "requests");

	private static final LockyScript<List<Object>> ANSWER = LockyScript.ofList(HandoverCommands.class, "answer");

	private static final LockyScript<List<Object>> CLAIM = LockyScript.ofList(HandoverCommands.class, "claim-handover");

	private static final LockyScript<List<Object>> WITHDRAW = LockyScript.ofList(HandoverCommands.class, "withdraw");

	private static final int REQUEST_FIELDS = 10;

	private static final long FULL = 2;

	private final LockyKeys keys;

	HandoverCommands(LockyKeys keys) {
		this.keys = keys;
	}

	ScriptCall<Optional<Asked>> ask(String resource, String locker, String note, @Nullable Duration silence,
			String id) {
		return ASK.call(logged(resource),
				change(resource, locker, note, ScriptValues.millis(silence), id, Integer.toString(MOST)), (reply) -> {
					if (status(resource, reply) == FULL) {
						throw new HandoversFullException(resource, MOST);
					}
					return found(reply, () -> new Asked(time(reply.get(1)), (String) reply.get(2),
							Long.parseLong((String) reply.get(3)), isOne(reply.get(4)), request(resource, reply, 5)));
				});
	}

	ScriptCall<List<HandoverRequest>> requests(String resource) {
		return REQUESTS.call(keys(resource), List.of(resource), (reply) -> {
			status(resource, reply);
			List<HandoverRequest> requests = new ArrayList<>();
			for (int i = 1; i < reply.size(); i += REQUEST_FIELDS) {
				requests.add(request(resource, reply, i));
			}
			requests.sort(Comparator.comparing(HandoverRequest::askedAt).thenComparing(HandoverRequest::id));
			return List.copyOf(requests);
		});
	}

	ScriptCall<Optional<Answered>> answer(String resource, String holder, long fence, String request,
			HandoverAnswer answer, String change) {
		Duration after = (answer instanceof Later later) ? later.after() : null;
		String reason = (answer instanceof No no) ? no.reason() : "";
		List<String> arguments = change(resource, holder, Long.toString(fence), request, kind(answer),
				ScriptValues.millis(after), reason, change);
		return ANSWER.call(logged(resource), arguments, (reply) -> {
			status(resource, reply);
			return found(reply, () -> new Answered(time(reply.get(1)), isOne(reply.get(2)), length(reply.get(3)),
					length(reply.get(4)), request(resource, reply, 5)));
		});
	}

	ScriptCall<ClaimReply> claim(String resource, String locker, String request, String change) {
		return CLAIM.call(keys(resource), List.of(resource, locker, request, change), (reply) -> {
			if (status(resource, reply) == 1) {
				return new ClaimReply(Long.parseLong((String) reply.get(1)), null);
			}
			return new ClaimReply(0, (reply.size() > 1) ? lock(resource, reply) : null);
		});
	}

	ScriptCall<Optional<Asked>> withdraw(String resource, String locker, String request) {
		return WITHDRAW.call(logged(resource), change(resource, locker, request), (reply) -> {
			status(resource, reply);
			return found(reply, () -> new Asked(time(reply.get(1)), (String) reply.get(2),
					Long.parseLong((String) reply.get(3)), true, request(resource, reply, 4)));
		});
	}

	private List<String> keys(String resource) {
		LockyPartition partition = this.keys.partitionOf(resource);
		return List.of(partition.lock(resource), partition.records(), partition.deadlines(),
				partition.handovers(resource));
	}

	private List<String> logged(String resource) {
		List<String> names = new ArrayList<>(keys(resource));
		names.add(this.keys.partitionOf(resource).log());
		return names;
	}

	private List<String> change(String... arguments) {
		List<String> all = this.keys.changeArguments();
		all.addAll(List.of(arguments));
		return all;
	}

	private static String kind(HandoverAnswer answer) {
		if (answer instanceof Now) {
			return "now";
		}
		return (answer instanceof Later) ? "later" : "no";
	}

	private static long status(String resource, List<Object> reply) {
		long status = (Long) reply.get(0);
		if (status < 0) {
			throw new UnreadableLockException(resource,
					"The lock '%s' cannot be read. LockyOperations.find says why.".formatted(resource));
		}
		return status;
	}

	private static <T> Optional<T> found(List<Object> reply, Supplier<T> reader) {
		return isOne(reply.get(0)) ? Optional.of(reader.get()) : Optional.empty();
	}

	private static boolean isOne(Object number) {
		return (Long) number == 1;
	}

	private static Instant time(Object millis) {
		return Instant.ofEpochMilli((Long) millis);
	}

	private static @Nullable Duration length(Object millis) {
		return ((Long) millis > 0) ? Duration.ofMillis((Long) millis) : null;
	}

	private static LockInfo lock(String resource, List<Object> reply) {
		long since = (Long) reply.get(2);
		return new LockInfo(resource, (String) reply.get(4), (Long) reply.get(1),
				(since > 0) ? Instant.ofEpochMilli(since) : null, ScriptValues.remaining((Long) reply.get(3)),
				ScriptValues.text(reply.get(5)));
	}

	private static HandoverRequest request(String resource, List<Object> reply, int from) {
		List<Object> fields = reply.subList(from, from + REQUEST_FIELDS);
		Instant askedAt = time(fields.get(4));
		long claimableAt = (Long) fields.get(7);
		String granted = ScriptValues.text(fields.get(9));
		return new HandoverRequest((String) fields.get(1), resource, (String) fields.get(0),
				ScriptValues.text(fields.get(2)), Long.parseLong((String) fields.get(3)), askedAt,
				answer((String) fields.get(5), (Long) fields.get(6), (String) fields.get(8)),
				(claimableAt > 0) ? Instant.ofEpochMilli(claimableAt) : null,
				(granted != null) ? Long.valueOf(granted) : null);
	}

	private static @Nullable HandoverAnswer answer(String kind, long after, String reason) {
		return switch (kind) {
			case "now" -> new Now();
			case "later" -> new Later(Duration.ofMillis(after));
			case "no" -> new No(reason);
			default -> null;
		};
	}

	/**
	 * A request, and whom it was made to.
	 *
	 * @param at when it was changed
	 * @param holder the locker that was asked
	 * @param fence the fence of its grant
	 * @param changed whether it was changed
	 * @param request the request
	 */
	record Asked(Instant at, String holder, long fence, boolean changed, HandoverRequest request) {

	}

	/**
	 * An answer.
	 *
	 * @param at when it was given
	 * @param changed whether it was changed
	 * @param ttl the length of the lease, or {@code null} if it does not end
	 * @param maxHold how long the lock could be held in total, or {@code null}
	 * @param request the request
	 */
	record Answered(Instant at, boolean changed, @Nullable Duration ttl, @Nullable Duration maxHold,
			HandoverRequest request) {

	}

	/**
	 * Whether the lock may be taken.
	 *
	 * @param fence the fence of the grant to take it from, or 0 if it may not be taken
	 * @param lock the lock that blocks the claim, or {@code null} if it is free
	 */
	record ClaimReply(long fence, @Nullable LockInfo lock) {

	}

}
