package io.locky.internal.expiration;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.locky.internal.expiration.Delivery.State;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

/**
 * Claims the expiries of one partition, hands them over to be told, and acknowledges
 * those that were. Used by one thread; listeners run in others.
 * <p>
 * A claim that is not acknowledged within the ack timeout comes back to any instance, so
 * that it outlives a crash. Claims that wait behind a slow listener are prolonged, and
 * those that could not be are left to whoever gets them next: at most the expiry at which
 * a listener was too slow is told twice.
 */
final class ExpiryDispatcher {

	private static final int BATCH = 500;

	/** More are left in Redis, for instances that have time. */
	private static final int MOST_PENDING = 2 * BATCH;

	private final ScriptRunner scripts;

	private final ExpiryCommands calls;

	private final LockyPartition partition;

	private final ExpiryPublisher listeners;

	private final Duration ackTimeout;

	private final LongSupplier nanoTime;

	/** By the name of the claim. */
	private final Map<String, ClaimInFlight> pending = new LinkedHashMap<>();

	ExpiryDispatcher(ScriptRunner scripts, ExpiryCommands calls, LockyPartition partition, ExpiryPublisher listeners,
			Duration ackTimeout, LongSupplier nanoTime) {
		this.scripts = scripts;
		this.calls = calls;
		this.partition = partition;
		this.listeners = listeners;
		this.ackTimeout = ackTimeout;
		this.nanoTime = nanoTime;
	}

	/**
	 * The question whether there is anything to tell.
	 * @return the call
	 */
	ScriptCall<Long> peek() {
		return ExpiryCommands.peek(this.partition);
	}

	/**
	 * Whether some expiries were claimed and not yet acknowledged.
	 * @return whether {@link #settle()} is needed
	 */
	boolean isBusy() {
		return !this.pending.isEmpty();
	}

	/**
	 * Acknowledges what was told, claims what is due, and hands it over.
	 * @return the time until there may be more, or {@code null} if no lock has a deadline
	 * or nobody has time to tell more
	 */
	@Nullable Duration tellDue() {
		keepWaiting();
		List<ClaimInFlight> told = all(ClaimInFlight::isTold);
		int room = Math.min(BATCH, MOST_PENDING - expiries(this.pending.values()) + expiries(told));
		if (room <= 0) {
			acknowledge(told);
			return null;
		}
		long asked = this.nanoTime.getAsLong();
		DrainReply reply = this.scripts.run(this.calls.claim(this.partition, room, claims(told), this.ackTimeout));
		told.forEach(this::forget);
		reply.claims().forEach((claim) -> handOver(claim, asked));
		return reply.next();
	}

	private static int expiries(Collection<ClaimInFlight> claims) {
		return claims.stream().mapToInt((claimed) -> claimed.tellings().size()).sum();
	}

	private void handOver(ExpiryClaim claim, long claimedAt) {
		ClaimInFlight known = this.pending.get(claim.name());
		if (known != null && !known.isLeft()) {
			known.prolonged(claimedAt);
			return;
		}
		ClaimInFlight claimed = new ClaimInFlight(claim,
				claim.expiries().stream().map((expiry) -> new Delivery(expiry, claimedAt, this::isFresh)).toList());
		this.pending.put(claim.name(), claimed);
		claimed.tellings().forEach(this.listeners::tell);
	}

	/**
	 * Acknowledges what was told, and prolongs the claims that wait.
	 */
	void settle() {
		acknowledge(all(ClaimInFlight::isTold));
		keepWaiting();
	}

	private void acknowledge(List<ClaimInFlight> told) {
		if (!told.isEmpty()) {
			this.scripts.run(ExpiryCommands.acknowledge(this.partition, claims(told)));
			told.forEach(this::forget);
		}
	}

	/** Keeps the claims that wait for a slow listener, and drops those left to others. */
	private void keepWaiting() {
		List<ClaimInFlight> aging = all((claimed) -> claimed.isWaiting() && isAging(claimed));
		if (!aging.isEmpty()) {
			long asked = this.nanoTime.getAsLong();
			this.scripts.run(ExpiryCommands.extend(this.partition, claims(aging), this.ackTimeout));
			aging.forEach((claimed) -> claimed.prolonged(asked));
		}
		all((claimed) -> !claimed.isSingle() && !claimed.isTold() && (isAging(claimed) || claimed.isLeft()))
			.forEach(this::split);
		this.pending.values().removeIf(ClaimInFlight::isLeft);
	}

	private void forget(ClaimInFlight claimed) {
		this.pending.remove(claimed.claim().name());
	}

	/**
	 * A claim of many with a slow listener is made one of each that is not told, so that
	 * each has a fate of its own.
	 */
	private void split(ClaimInFlight group) {
		SortedMap<Integer, Duration> left = new TreeMap<>();
		for (int i = 0; i < group.tellings().size(); i++) {
			Delivery telling = group.tellings().get(i);
			if (telling.state() != State.TOLD) {
				left.put(i, comeback(telling));
			}
		}
		long asked = this.nanoTime.getAsLong();
		List<ExpiryClaim> singles = this.scripts.run(ExpiryCommands.split(this.partition, group.claim(), left));
		forget(group);
		Iterator<Integer> places = left.keySet().iterator();
		for (ExpiryClaim single : singles) {
			ClaimInFlight claimed = new ClaimInFlight(single, List.of(group.tellings().get(places.next())));
			this.pending.put(single.name(), claimed);
			if (claimed.isWaiting()) {
				claimed.prolonged(asked);
			}
		}
	}

	/** One that waits is claimed anew; the time of one that a listener is at goes on. */
	private Duration comeback(Delivery telling) {
		long age = (telling.state() == State.WAITING) ? 0 : this.nanoTime.getAsLong() - telling.claimedAt();
		return this.ackTimeout.minusNanos(Math.min(age, this.ackTimeout.toNanos()));
	}

	private List<ClaimInFlight> all(Predicate<ClaimInFlight> condition) {
		return this.pending.values().stream().filter(condition).toList();
	}

	private static List<ExpiryClaim> claims(List<ClaimInFlight> claimed) {
		return claimed.stream().map(ClaimInFlight::claim).toList();
	}

	private boolean isAging(ClaimInFlight claimed) {
		long age = age(claimed.claimedAt());
		return age >= 1 && age < 3;
	}

	private boolean isFresh(Delivery telling) {
		return age(telling.claimedAt()) < 3;
	}

	/** In quarters of the time after which a claim comes back. */
	private long age(long claimedAt) {
		return (this.nanoTime.getAsLong() - claimedAt) / (this.ackTimeout.toNanos() / 4);
	}

}
