package io.locky.expiration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

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
	private final Map<String, Telling> pending = new LinkedHashMap<>();

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
		int room = Math.min(BATCH, MOST_PENDING - this.pending.size());
		if (room <= 0) {
			return null;
		}
		long asked = this.nanoTime.getAsLong();
		DrainReply reply = DrainReply.of(this.scripts.run(this.calls.drain(this.partition, room, this.ackTimeout)));
		reply.claims().forEach((claim) -> handOver(claim, asked));
		return reply.next();
	}

	private void handOver(ExpiryClaim claim, long claimedAt) {
		Telling known = this.pending.get(claim.name());
		if (known != null) {
			known.prolonged(claimedAt);
			return;
		}
		Telling telling = new Telling(claim, claimedAt, this::isFresh);
		this.pending.put(claim.name(), telling);
		this.listeners.tell(telling);
	}

	/**
	 * Acknowledges what was told, and prolongs the claims that wait.
	 */
	void settle() {
		List<Telling> told = inState(State.TOLD);
		List<Telling> aging = inState(State.WAITING).stream()
			.filter((telling) -> isFresh(telling) && age(telling) >= 1)
			.toList();
		long asked = this.nanoTime.getAsLong();
		if (!told.isEmpty() || !aging.isEmpty()) {
			this.scripts.run(LockyCalls.acknowledge(this.partition, claims(told), claims(aging), this.ackTimeout));
		}
		aging.forEach((telling) -> telling.prolonged(asked));
		this.pending.values().removeAll(told);
		this.pending.values().removeAll(inState(State.LEFT));
	}

	private List<Telling> inState(State state) {
		return this.pending.values().stream().filter((telling) -> telling.state() == state).toList();
	}

	private static List<ExpiryClaim> claims(List<Telling> tellings) {
		return tellings.stream().map(Telling::claim).toList();
	}

	private boolean isFresh(Telling telling) {
		return age(telling) < 3;
	}

	/** In quarters of the time after which a claim comes back. */
	private long age(Telling telling) {
		return (this.nanoTime.getAsLong() - telling.claimedAt()) / (this.ackTimeout.toNanos() / 4);
	}

}
