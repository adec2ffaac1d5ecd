package io.locky.expiration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.locky.blocking.ScriptRunner;
import io.locky.expiration.Telling.State;
import io.locky.redis.DrainReply;
import io.locky.redis.ExpiryClaim;
import io.locky.redis.LockyCalls;
import io.locky.redis.LockyPartition;
import io.locky.redis.ScriptCall;
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
final class ExpiryTeller {

	private static final int BATCH = 500;

	/** More are left in Redis, for instances that have time. */
	private static final int MOST_PENDING = 2 * BATCH;

	private final ScriptRunner scripts;

	private final LockyCalls calls;

	private final LockyPartition partition;

	private final ExpiryListeners listeners;

	private final Duration ackTimeout;

	private final LongSupplier nanoTime;

	/** By the name of the claim. */
	private final Map<String, Claimed> pending = new LinkedHashMap<>();

	ExpiryTeller(ScriptRunner scripts, LockyCalls calls, LockyPartition partition, ExpiryListeners listeners,
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
		return LockyCalls.peek(this.partition);
	}

	/**
	 * Whether some expiries were claimed and not yet acknowledged.
	 * @return whether {@link #settle()} is needed
	 */
	boolean isBusy() {
		return !this.pending.isEmpty();
	}

	/**
	 * Claims what is due, and hands it over.
	 * @return the time until there may be more, or {@code null} if no lock has a deadline
	 * or nobody has time to tell more
	 */
	@Nullable Duration tellDue() {
		int waiting = this.pending.values().stream().mapToInt((claimed) -> claimed.tellings().size()).sum();
		int room = Math.min(BATCH, MOST_PENDING - waiting);
		if (room <= 0) {
			return null;
		}
		long asked = this.nanoTime.getAsLong();
		DrainReply reply = DrainReply.of(this.scripts.run(this.calls.drain(this.partition, room, this.ackTimeout)));
		reply.claims().forEach((claim) -> handOver(claim, asked));
		return reply.next();
	}

	private void handOver(ExpiryClaim claim, long claimedAt) {
		Claimed known = this.pending.get(claim.name());
		if (known != null) {
			known.prolonged(claimedAt);
			return;
		}
		Claimed claimed = new Claimed(claim,
				claim.expiries().stream().map((expiry) -> new Telling(expiry, claimedAt, this::isFresh)).toList());
		this.pending.put(claim.name(), claimed);
		claimed.tellings().forEach(this.listeners::tell);
	}

	/**
	 * Acknowledges what was told, and prolongs the claims that wait.
	 */
	void settle() {
		List<Claimed> told = all(Claimed::isTold);
		List<Claimed> aging = all((claimed) -> claimed.isWaiting() && isAging(claimed));
		long asked = this.nanoTime.getAsLong();
		if (!told.isEmpty() || !aging.isEmpty()) {
			this.scripts.run(LockyCalls.acknowledge(this.partition, claims(told), claims(aging), this.ackTimeout));
		}
		aging.forEach((claimed) -> claimed.prolonged(asked));
		this.pending.values().removeAll(told);
		this.pending.values().removeIf(Claimed::isLeft);
		all((claimed) -> !claimed.isSingle() && isAging(claimed)).forEach(this::split);
	}

	/**
	 * A claim of many with a slow listener is made one of each that is left, so that each
	 * has a fate of its own.
	 */
	private void split(Claimed group) {
		List<Telling> left = group.tellings().stream().filter((telling) -> telling.state() != State.TOLD).toList();
		Map<String, Duration> comebacks = new LinkedHashMap<>();
		left.forEach((telling) -> comebacks.put(telling.expiry().name(), comeback(telling)));
		long asked = this.nanoTime.getAsLong();
		long split = this.scripts.run(LockyCalls.split(this.partition, group.claim(), comebacks));
		this.pending.remove(group.claim().name());
		if (split == 1) {
			left.stream().map(Claimed::single).forEach((claimed) -> {
				this.pending.put(claimed.claim().name(), claimed);
				if (claimed.isWaiting()) {
					claimed.prolonged(asked);
				}
			});
		}
	}

	/** One that waits is claimed anew; the time of one that a listener is at goes on. */
	private Duration comeback(Telling telling) {
		long age = (telling.state() == State.WAITING) ? 0 : this.nanoTime.getAsLong() - telling.claimedAt();
		return this.ackTimeout.minusNanos(Math.min(age, this.ackTimeout.toNanos()));
	}

	private List<Claimed> all(Predicate<Claimed> condition) {
		return this.pending.values().stream().filter(condition).toList();
	}

	private static List<ExpiryClaim> claims(List<Claimed> claimed) {
		return claimed.stream().map(Claimed::claim).toList();
	}

	private boolean isAging(Claimed claimed) {
		long age = age(claimed.claimedAt());
		return age >= 1 && age < 3;
	}

	private boolean isFresh(Telling telling) {
		return age(telling.claimedAt()) < 3;
	}

	/** In quarters of the time after which a claim comes back. */
	private long age(long claimedAt) {
		return (this.nanoTime.getAsLong() - claimedAt) / (this.ackTimeout.toNanos() / 4);
	}

}
