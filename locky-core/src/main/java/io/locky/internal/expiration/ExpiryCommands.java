package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptValues;

/**
 * Writes the calls of the scripts that claim, extend and acknowledge expiries. Each call
 * is sent as one command and is atomic.
 */
final class ExpiryCommands {

	private static final LockyScript<Long> PEEK = LockyScript.ofNumber(ExpiryCommands.class, "peek");

	private static final LockyScript<List<Object>> CLAIM = LockyScript.ofList(ExpiryCommands.class, "claim");

	private static final LockyScript<Long> ACK = LockyScript.ofNumber(ExpiryCommands.class, "ack");

	private static final LockyScript<Long> EXTEND = LockyScript.ofNumber(ExpiryCommands.class, "extend");

	private static final LockyScript<List<Object>> SPLIT = LockyScript.ofList(ExpiryCommands.class, "split");

	private final LockyKeys keys;

	/**
	 * Creates the calls for the keys of one prefix.
	 * @param keys the names of the keys
	 */
	ExpiryCommands(LockyKeys keys) {
		this.keys = keys;
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
	 * @param most how many to claim at most
	 * @param published the claims that are done
	 * @param ackTimeout after which time a claim comes back if it is not acknowledged
	 * @return the call
	 */
	ScriptCall<DrainReply> claim(LockyPartition partition, int most, Collection<ExpiryClaim> published,
			Duration ackTimeout) {
		List<String> arguments = this.keys.changeArguments();
		arguments.addAll(List.of(ScriptValues.millis(ackTimeout), Integer.toString(most), partition.lock("")));
		return CLAIM.call(List.of(partition.records(), partition.deadlines(), partition.unacked(), partition.log()),
				named(arguments, published), DrainReply::read);
	}

	/**
	 * Acknowledges published expiries.
	 * @param partition where they were claimed
	 * @param published the claims that are done, at least one
	 * @return the call; its reply is how many claims were there
	 */
	static ScriptCall<Long> acknowledge(LockyPartition partition, Collection<ExpiryClaim> published) {
		return ACK.call(List.of(partition.unacked()), named(new ArrayList<>(), published), (count) -> count);
	}

	/**
	 * Keeps the claims on expiries that wait for their turn.
	 * @param partition where they were claimed
	 * @param waiting the claims, at least one
	 * @param ackTimeout after which time a claim comes back if it is not acknowledged
	 * @return the call; its reply is how many claims are still there
	 */
	static ScriptCall<Long> extend(LockyPartition partition, Collection<ExpiryClaim> waiting, Duration ackTimeout) {
		List<String> arguments = new ArrayList<>(List.of(ScriptValues.millis(ackTimeout)));
		return EXTEND.call(List.of(partition.unacked()), named(arguments, waiting), (count) -> count);
	}

	/**
	 * Replaces a claim on many expiries by one claim for each that was not published yet.
	 * @param partition where it was claimed
	 * @param claim the claim on many
	 * @param left the places in it of those that are left, and when each comes back
	 * @return the call; its reply has the new claims, none if that claim is gone
	 */
	static ScriptCall<List<ExpiryClaim>> split(LockyPartition partition, ExpiryClaim claim,
			SortedMap<Integer, Duration> left) {
		List<String> arguments = new ArrayList<>(List.of(claim.name()));
		left.forEach((place, comeback) -> arguments
			.addAll(List.of(Integer.toString(place + 1), ScriptValues.millis(comeback))));
		return SPLIT.call(List.of(partition.unacked()), arguments, ExpiryClaim::read);
	}

	private static List<String> named(List<String> arguments, Collection<ExpiryClaim> claims) {
		claims.forEach((claim) -> arguments.add(claim.name()));
		return arguments;
	}

}
