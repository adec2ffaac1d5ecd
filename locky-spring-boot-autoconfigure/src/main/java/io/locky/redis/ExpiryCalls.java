package io.locky.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * Writes the calls of the scripts by which expiries are claimed, told and acknowledged.
 * Each is sent as one command and is atomic.
 *
 * @since 0.1.0
 */
public final class ExpiryCalls {

	private final LockyKeys keys;

	/**
	 * Creates the calls for the keys of one prefix.
	 * @param keys the names of the keys
	 */
	public ExpiryCalls(LockyKeys keys) {
		this.keys = keys;
	}

	/**
	 * Asks when there is an expiry to tell. The answer is in milliseconds, -1 for never.
	 * @param partition where to look
	 * @return the call
	 */
	public static ScriptCall<Long> peek(LockyPartition partition) {
		return new ScriptCall<>(LockyScript.PEEK, List.of(partition.deadlines(), partition.unacked()), List.of());
	}

	/**
	 * Acknowledges expiries that were told, and claims others to tell. Read the answer
	 * with {@link DrainReply#of(List)}.
	 * @param partition where to look
	 * @param most how many to claim at most
	 * @param told the claims that are done
	 * @param patience after which time a claim that is not acknowledged comes back
	 * @return the call
	 */
	public ScriptCall<List<Object>> drain(LockyPartition partition, int most, Collection<ExpiryClaim> told,
			Duration patience) {
		List<String> arguments = LockyCalls.changes(this.keys);
		arguments.addAll(List.of(Replies.millis(patience), Integer.toString(most), partition.lock("")));
		return new ScriptCall<>(LockyScript.DRAIN,
				List.of(partition.records(), partition.deadlines(), partition.unacked(), partition.log()),
				named(arguments, told));
	}

	/**
	 * Acknowledges expiries that were told. The answer is how many claims were there.
	 * @param partition where they were claimed
	 * @param told the claims that are done, at least one
	 * @return the call
	 */
	public static ScriptCall<Long> acknowledge(LockyPartition partition, Collection<ExpiryClaim> told) {
		return new ScriptCall<>(LockyScript.ACK, List.of(partition.unacked()), named(LockyCalls.list(), told));
	}

	/**
	 * Keeps the claims on expiries that wait for their turn. The answer is how many are
	 * still there.
	 * @param partition where they were claimed
	 * @param waiting the claims, at least one
	 * @param patience after which time a claim that is not acknowledged comes back
	 * @return the call
	 */
	public static ScriptCall<Long> prolong(LockyPartition partition, Collection<ExpiryClaim> waiting,
			Duration patience) {
		return new ScriptCall<>(LockyScript.PROLONG, List.of(partition.unacked()),
				named(LockyCalls.list(Replies.millis(patience)), waiting));
	}

	/**
	 * Makes single claims of those of a claim of many that were not told yet. The answer
	 * has their names, none if that claim is not there any more.
	 * @param partition where it was claimed
	 * @param claim the claim of many
	 * @param left the places in it of those that are left, and when each comes back
	 * @return the call
	 */
	public static ScriptCall<List<Object>> split(LockyPartition partition, ExpiryClaim claim,
			SortedMap<Integer, Duration> left) {
		List<String> arguments = LockyCalls.list(claim.name());
		left.forEach(
				(place, comeback) -> arguments.addAll(List.of(Integer.toString(place + 1), Replies.millis(comeback))));
		return new ScriptCall<>(LockyScript.SPLIT, List.of(partition.unacked()), arguments);
	}

	private static List<String> named(List<String> arguments, Collection<ExpiryClaim> claims) {
		claims.forEach((claim) -> arguments.add(claim.name()));
		return arguments;
	}

}
