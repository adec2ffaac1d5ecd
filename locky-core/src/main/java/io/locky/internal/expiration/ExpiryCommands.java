package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

import io.locky.internal.expiration.ExpiryClaim.Expiry;
import io.locky.internal.redis.DeadlineHint;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * Writes the calls of the scripts that claim, extend and acknowledge expiries. Each call
 * is sent as one command and is atomic.
 */
final class ExpiryCommands {

	private static final LockyScript<Long> PEEK = LockyScript.ofNumber(ExpiryCommands.class, "peek");

	private static final LockyScript<List<Object>> CLAIM = LockyScript.ofList(ExpiryCommands.class, "claim");

	private static final LockyScript<Long> ACK = LockyScript.ofNumber(ExpiryCommands.class, "ack");

	private static final LockyScript<Long> EXTEND = LockyScript.ofNumber(ExpiryCommands.class, "extend");

	private static final LockyScript<Long> OFFER = LockyScript.ofNumber(ExpiryCommands.class, "offer");

	private static final LockyScript<List<Object>> SPLIT = LockyScript.ofList(ExpiryCommands.class, "split");

	private final UnreadableEntries unreadable = new UnreadableEntries();

	private final LockyKeys keys;

	private final String claimer;

	/**
	 * Creates the calls for the keys of one prefix.
	 * @param keys the names of the keys
	 * @param claimer the name of the worker that claims, unique among all workers
	 */
	ExpiryCommands(LockyKeys keys, String claimer) {
		this.keys = keys;
		this.claimer = claimer;
	}

	/** The name of the worker that claims. */
	String claimer() {
		return this.claimer;
	}

	/**
	 * Checks when there is an expiry to publish.
	 * @param partition where to look
	 * @return the call; its reply is in milliseconds, -1 for never
	 */
	static ScriptCall<Long> peek(LockyPartition partition) {
		return PEEK.call(List.of(partition.deadlines(), partition.unacked()), List.of(), (millis) -> millis);
	}

	/**
	 * Acknowledges published expiries, and claims others to publish.
	 * @param partition where to look
	 * @param most how many expiries to claim at most
	 * @param published the claims that are done
	 * @param ackTimeout the time after which an unacknowledged claim is due again
	 * @param recovers whether to return all claims that this worker has, because it may
	 * have lost an answer
	 * @return the call
	 */
	ScriptCall<ClaimReply> claim(LockyPartition partition, int most, Collection<ExpiryClaim> published,
			Duration ackTimeout, boolean recovers) {
		List<String> arguments = this.keys.changeArguments();
		arguments.addAll(List.of(ScriptValues.millis(ackTimeout), Integer.toString(most), partition.lock(""),
				this.claimer, ScriptValues.flag(recovers)));
		return CLAIM.call(
				this.keys.withLockerIndex(partition,
						this.keys.withHistories(partition,
								List.of(partition.records(), partition.deadlines(), partition.unacked(),
										partition.log(), partition.waiting()),
								resources(published))),
				this.keys.withHistorySettings(with(arguments, published)), this::claimReply);
	}

	private ClaimReply claimReply(List<Object> reply) {
		String key = (String) reply.get(1);
		if (!key.isEmpty()) {
			this.unreadable.found(key, (String) reply.get(2));
		}
		long next = (Long) reply.get(0);
		return new ClaimReply(ExpiryClaim.read(reply.subList(5, reply.size())),
				(next >= 0) ? Duration.ofMillis(next) : null, (Long) reply.get(3),
				Math.toIntExact((Long) reply.get(4)));
	}

	/**
	 * Acknowledges published expiries.
	 * @param partition where they were claimed
	 * @param published the claims that are done, at least one
	 * @return the call; its reply is how many claims were there
	 */
	ScriptCall<Long> acknowledge(LockyPartition partition, Collection<ExpiryClaim> published) {
		return ACK.call(this.keys.withHistories(partition, List.of(partition.unacked()), resources(published)),
				this.keys.withHistorySettings(with(new ArrayList<>(), published)), (count) -> count);
	}

	/**
	 * Extends the claims on expiries that wait for their turn.
	 * @param partition where they were claimed
	 * @param waiting the claims, at least one
	 * @param ackTimeout the time after which an unacknowledged claim is due again
	 * @return the call; its reply is how many claims are still there
	 */
	static ScriptCall<Long> extend(LockyPartition partition, Collection<ExpiryClaim> waiting, Duration ackTimeout) {
		List<String> arguments = new ArrayList<>(List.of(ScriptValues.millis(ackTimeout)));
		return EXTEND.call(List.of(partition.unacked()), with(arguments, waiting), (count) -> count);
	}

	/**
	 * Replaces a claim of several expiries by one claim for each that is not published
	 * yet.
	 * @param partition where it was claimed
	 * @param claim the claim of several
	 * @param unpublished the places in it of those expiries, and the time after which the
	 * claim on each is due again
	 * @return the call; its reply has the new claims, none if that claim is gone
	 */
	ScriptCall<List<ExpiryClaim>> split(LockyPartition partition, ExpiryClaim claim,
			SortedMap<Integer, Duration> unpublished) {
		List<String> arguments = new ArrayList<>(List.of(this.claimer, claim.text()));
		unpublished.forEach(
				(place, retry) -> arguments.addAll(List.of(Integer.toString(place + 1), ScriptValues.millis(retry))));
		return SPLIT.call(List.of(partition.unacked()), arguments, ExpiryClaim::read);
	}

	/**
	 * Makes a claim due at once for any worker, because the one that has it has ended.
	 * @param keys the names of the keys
	 * @param claim the claim
	 * @return the call; its reply is how many claims were still there
	 */
	static ScriptCall<Long> offer(LockyKeys keys, ExpiryClaim claim) {
		LockyPartition partition = keys.partitionOf(claim.expiries().get(0).resource());
		return OFFER.call(List.of(partition.unacked()),
				List.of(keys.signals(), DeadlineHint.dueNow(partition), claim.text()), (count) -> count);
	}

	private static List<String> resources(Collection<ExpiryClaim> claims) {
		return claims.stream().flatMap((claim) -> claim.expiries().stream()).map(Expiry::resource).toList();
	}

	private static List<String> with(List<String> arguments, Collection<ExpiryClaim> claims) {
		claims.forEach((claim) -> arguments.add(claim.text()));
		return arguments;
	}

	/**
	 * The reply of {@code claim.lua}.
	 *
	 * @param claims the expiries to publish: first those that were claimed before, then
	 * the others in the order of their deadlines
	 * @param next the time until there may be more, or {@code null} if no lock has a
	 * deadline
	 * @param now the clock of Redis, in milliseconds
	 * @param redelivered how many of the expiries another worker had and did not
	 * acknowledge in time
	 */
	record ClaimReply(List<ExpiryClaim> claims, @Nullable Duration next, long now, int redelivered) {

	}

}
