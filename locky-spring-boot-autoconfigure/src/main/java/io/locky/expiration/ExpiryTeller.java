package io.locky.expiration;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.locky.blocking.ScriptRunner;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEventPublisher;
import io.locky.redis.DrainReply;
import io.locky.redis.ExpiryClaim;
import io.locky.redis.LockyCalls;
import io.locky.redis.LockyPartition;
import io.locky.redis.ScriptCall;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims, tells and acknowledges the expiries of one partition. Used by one thread.
 * <p>
 * A claim that is not acknowledged within the ack timeout comes back to any instance, so
 * that it outlives a crash. While a slow listener is at work the claims behind it are
 * prolonged; those that could not be are left to whoever gets them next, so that at most
 * the expiry at which a listener was too slow is told twice.
 */
final class ExpiryTeller {

	private static final Logger logger = LoggerFactory.getLogger(ExpiryTeller.class);

	private static final int BATCH = 500;

	private final ScriptRunner scripts;

	private final LockyCalls calls;

	private final LockyPartition partition;

	private final LockyEventPublisher events;

	private final Duration ackTimeout;

	private final LongSupplier nanoTime;

	/**
	 * Told, but Redis does not know yet: if it went away, it learns it when it is back.
	 */
	private final List<ExpiryClaim> told = new ArrayList<>();

	ExpiryTeller(ScriptRunner scripts, LockyCalls calls, LockyPartition partition, LockyEventPublisher events,
			Duration ackTimeout, LongSupplier nanoTime) {
		this.scripts = scripts;
		this.calls = calls;
		this.partition = partition;
		this.events = events;
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
	 * Tells what is due.
	 * @param abandoned whether to leave the rest to others
	 * @return the time until there may be more, or {@code null} if no lock has a deadline
	 */
	@Nullable Duration tellDue(BooleanSupplier abandoned) {
		acknowledge(List.of());
		long asked = this.nanoTime.getAsLong();
		DrainReply reply = DrainReply.of(this.scripts.run(this.calls.drain(this.partition, BATCH, this.ackTimeout)));
		if (reply.claims().isEmpty()) {
			return reply.next();
		}
		tell(new ArrayDeque<>(reply.claims()), asked, abandoned);
		return Duration.ZERO;
	}

	private void tell(Deque<ExpiryClaim> waiting, long asked, BooleanSupplier abandoned) {
		long claimed = asked;
		while (!waiting.isEmpty() && !abandoned.getAsBoolean() && age(claimed) < this.ackTimeout.toNanos() / 4 * 3) {
			tell(waiting.remove());
			if (!waiting.isEmpty() && age(claimed) > this.ackTimeout.toNanos() / 4) {
				claimed = prolong(waiting, claimed);
			}
		}
		acknowledge(List.of());
	}

	private void tell(ExpiryClaim claim) {
		this.events
			.publish(new LockExpiredEvent(this, claim.resource(), claim.locker(), claim.fence(), claim.deadline()));
		this.told.add(claim);
		// What a listener left behind must not end this thread.
		Thread.interrupted();
	}

	private long prolong(Deque<ExpiryClaim> waiting, long claimed) {
		if (age(claimed) >= this.ackTimeout.toNanos() / 4 * 3) {
			return claimed;
		}
		long asked = this.nanoTime.getAsLong();
		try {
			acknowledge(waiting);
			return asked;
		}
		catch (RuntimeException ex) {
			logger.debug("{} claims could not be prolonged now", waiting.size(), ex);
			return claimed;
		}
	}

	private long age(long claimed) {
		return this.nanoTime.getAsLong() - claimed;
	}

	private void acknowledge(Collection<ExpiryClaim> kept) {
		if (!this.told.isEmpty()) {
			this.scripts.run(LockyCalls.acknowledge(this.partition, this.told, kept, this.ackTimeout));
			this.told.clear();
		}
	}

}
