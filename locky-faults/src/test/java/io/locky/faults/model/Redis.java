package io.locky.faults.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What Redis has of one resource. A record without its key has expired, and is due in the
 * deadlines.
 */
final class Redis {

	/**
	 * What an operation that must not run any more has instead of an answer. Of an
	 * attempt, that is its first sending only.
	 */
	static final int BARRED = -1;

	/** What an attempt has of which no sending may be granted any more. */
	static final int ENDED = -2;

	@Nullable Grant record;

	boolean key;

	/** Never changed in place. */
	List<Claim> unacked = List.of();

	int lastFence;

	/**
	 * The answers of releases, and attempts that must not be granted, by operation. Never
	 * changed in place.
	 */
	Map<Integer, Integer> kept = Map.of();

	Redis copy() {
		Redis copy = new Redis();
		copy.record = this.record;
		copy.key = this.key;
		copy.unacked = this.unacked;
		copy.lastFence = this.lastFence;
		copy.kept = this.kept;
		return copy;
	}

	/** The grant that holds the lock, {@code null} if it is free. */
	@Nullable Grant held() {
		return this.key ? this.record : null;
	}

	/** The grant whose expiry is still to be claimed, {@code null} if there is none. */
	@Nullable Grant expired() {
		return this.key ? null : this.record;
	}

	void claim(Grant grant, int worker) {
		acknowledge(grant);
		List<Claim> claims = new ArrayList<>(this.unacked);
		claims.add(new Claim(grant, worker));
		claims.sort(Comparator.comparingInt((claim) -> claim.grant().number()));
		this.unacked = claims;
	}

	void acknowledge(Grant grant) {
		this.unacked = this.unacked.stream().filter((claim) -> !claim.grant().equals(grant)).toList();
	}

	void keep(int id, int answer) {
		Map<Integer, Integer> next = new TreeMap<>(this.kept);
		next.put(id, answer);
		this.kept = next;
	}

	void forget(int id) {
		if (this.kept.containsKey(id)) {
			Map<Integer, Integer> next = new TreeMap<>(this.kept);
			next.remove(id);
			this.kept = next;
		}
	}

	void encode(StringBuilder to) {
		encode(this.record, to);
		to.append(this.key ? 'k' : '-').append((char) this.lastFence);
		this.unacked.forEach((claim) -> {
			encode(claim.grant(), to);
			to.append((char) (claim.worker() + 1));
		});
		to.append('/');
		this.kept.forEach((id, answer) -> to.append((char) (int) id).append((char) (answer + 1)));
		to.append('/');
	}

	private static void encode(@Nullable Grant grant, StringBuilder to) {
		if (grant == null) {
			to.append('-');
		}
		else {
			to.append((char) ('A' + grant.client()))
				.append((char) grant.fence())
				.append((char) grant.attempt())
				.append((char) grant.number());
		}
	}

	/**
	 * A grant.
	 *
	 * @param client who has it
	 * @param fence its fence
	 * @param attempt the attempt that was granted
	 * @param number which one it is in the order of time: what a right fence shows
	 */
	record Grant(int client, int fence, int attempt, int number) {

	}

	/**
	 * A claim on an expiry.
	 *
	 * @param grant the grant that expired
	 * @param worker the run of the worker that has it, or -1 for none
	 */
	record Claim(Grant grant, int worker) {

	}

}
