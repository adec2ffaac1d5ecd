package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.locky.internal.expiration.ClaimInFlight.Delivery;
import io.locky.internal.expiration.ClaimInFlight.Delivery.State;
import io.locky.internal.expiration.ExpiryClaim.Expiry;
import io.locky.internal.expiration.ExpiryCommands.ClaimReply;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

/**
 * Claims the expiries of one partition, hands them to the publisher, and acknowledges
 * those that were published. Used by one thread; listeners run in others.
 * <p>
 * A claim that is not acknowledged within the ack timeout is due again, for any instance,
 * so that a crash loses no expiry. Claims that wait for a slow listener are extended, and
 * those that could not be are left to the next instance: at most the expiry at which a
 * listener was too slow is published twice.
 * <p>
 * An answer may get lost, and with it the claims that it contained: the next one contains
 * all claims that Redis still has for this worker.
 */
final class ExpiryDispatcher {

	private static final int BATCH = 500;

	/** No driver opens a connection and sends a command again faster than that. */
	private static final Duration REPEATED_AFTER = Duration.ofMillis(20);

	/** So often are claims looked for that may be lost, when Redis is only slow. */
	private static final Duration SUSPICION_PAUSE = Duration.ofSeconds(1);

	/** The others stay in Redis, for instances that have time. */
	private static final int MOST_PENDING = 2 * BATCH;

	private final ScriptRunner scripts;

	private final ExpiryCommands commands;

	private final LockyPartition partition;

	private final ExpiryPublisher publisher;

	private final Duration ackTimeout;

	private final LongSupplier nanoTime;

	/** By the text of the claim. */
	private final Map<String, ClaimInFlight> pending = new LinkedHashMap<>();

	/**
	 * All deliveries of pending claims, and those whose claim may come back under another
	 * text: none of them is begun twice.
	 */
	private final Map<Expiry, Delivery> deliveries = new HashMap<>();

	/** The clock of Redis minus that of this dispatcher, in nanoseconds. */
	private volatile @Nullable Long clockOffset;

	/** Whether an answer with claims was lost. */
	private boolean incomplete;

	/** Whether the driver may have sent a command again, so that its claims are lost. */
	private boolean suspicious;

	/** When an answer contained all claims of this worker last. */
	private @Nullable Long recovered;

	/** Whether the last look found no room for more claims. */
	private boolean full;

	/** Whether something waits for a thread: then all that follows waits behind it. */
	private boolean refusing;

	ExpiryDispatcher(ScriptRunner scripts, ExpiryCommands commands, LockyPartition partition, ExpiryPublisher publisher,
			Duration ackTimeout, LongSupplier nanoTime) {
		this.scripts = scripts;
		this.commands = commands;
		this.partition = partition;
		this.publisher = publisher;
		this.ackTimeout = ackTimeout;
		this.nanoTime = nanoTime;
	}

	/** The number of its partition. */
	int number() {
		return this.partition.number();
	}

	/**
	 * Checks when there is an expiry to publish.
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
	 * Whether an answer with claims may have been lost.
	 * @return whether {@link #dispatchDue()} is needed
	 */
	boolean isIncomplete() {
		return this.incomplete || (this.suspicious
				&& (this.recovered == null || this.nanoTime.getAsLong() - this.recovered >= SUSPICION_PAUSE.toNanos()));
	}

	/**
	 * Whether an answer with claims may have been lost, although it may be too soon to
	 * look for it.
	 * @return whether {@link #dispatchDue()} is needed within a second
	 */
	boolean isUncertain() {
		return this.incomplete || this.suspicious;
	}

	/**
	 * Whether too much was pending to claim more.
	 * @return whether {@link #dispatchDue()} is needed when less is pending
	 */
	boolean isFull() {
		return this.full;
	}

	/**
	 * Has all claims that Redis still has for this worker returned with the next answer.
	 */
	void recover() {
		this.incomplete = true;
	}

	/**
	 * Acknowledges what was published, claims what is due, and publishes it.
	 * @return the time until there may be more, or {@code null} if no lock has a deadline
	 * or too much is pending to claim more
	 */
	@Nullable Duration dispatchDue() {
		retryRefused();
		extendWaiting();
		List<ClaimInFlight> published = all(ClaimInFlight::isPublished);
		int room = this.refusing ? 0
				: Math.min(BATCH, MOST_PENDING - expiries(this.pending.values()) + expiries(published));
		this.full = room <= 0;
		if (this.full && !isIncomplete()) {
			acknowledge(published);
			return null;
		}
		ClaimReply reply = claim(Math.max(room, 0), published);
		forgetEnded();
		return this.full ? null : reply.next();
	}

	private ClaimReply claim(int room, List<ClaimInFlight> published) {
		boolean recovers = isIncomplete();
		long sent = this.nanoTime.getAsLong();
		ClaimReply reply = runCompletely(
				this.commands.claim(this.partition, room, claims(published), this.ackTimeout, recovers));
		long halfway = sent + (this.nanoTime.getAsLong() - sent) / 2;
		this.clockOffset = TimeUnit.MILLISECONDS.toNanos(reply.now()) - halfway;
		if (reply.redelivered() > 0) {
			this.publisher.metrics().redelivered(reply.redelivered());
		}
		if (recovers) {
			this.incomplete = false;
			this.suspicious = false;
			this.recovered = this.nanoTime.getAsLong();
		}
		published.forEach(this::forget);
		reply.claims().forEach((claim) -> dispatch(claim, sent));
		return reply;
	}

	/** Runs a call that makes claims, and records whether some may be lost. */
	private <R> R runCompletely(ScriptCall<R> call) {
		long sent = this.nanoTime.getAsLong();
		boolean before = this.incomplete;
		this.incomplete = true;
		R reply = this.scripts.runOnce(call);
		this.incomplete = before;
		this.suspicious |= this.nanoTime.getAsLong() - sent >= REPEATED_AFTER.toNanos();
		return reply;
	}

	private static int expiries(Collection<ClaimInFlight> claims) {
		return claims.stream().mapToInt((claim) -> claim.deliveries().size()).sum();
	}

	/**
	 * Takes over a claim of an attempt of this instance. If lost claims were asked for
	 * since then, it may be published and acknowledged already: then Redis is asked again
	 * whether it still has it.
	 * @param claim a claim of this partition
	 * @param claimedAt when the attempt was sent, by the clock of the dispatcher
	 */
	void accept(ExpiryClaim claim, long claimedAt) {
		if (this.recovered != null && claimedAt - this.recovered <= 0) {
			recover();
		}
		else {
			dispatch(claim, claimedAt);
		}
	}

	/**
	 * Publishes a claim, unless that is under way: then only its time starts again.
	 */
	private void dispatch(ExpiryClaim claim, long claimedAt) {
		ClaimInFlight known = this.pending.get(claim.text());
		if (known == null || known.isAbandoned()) {
			List<Delivery> begun = new ArrayList<>();
			known = new ClaimInFlight(claim,
					claim.expiries().stream().map((expiry) -> delivery(expiry, claimedAt, begun)).toList());
			this.pending.put(claim.text(), known);
			begun.forEach(this::publish);
		}
		known.extended(claimedAt);
	}

	private Delivery delivery(Expiry expiry, long claimedAt, List<Delivery> begun) {
		Delivery underWay = this.deliveries.get(expiry);
		if (underWay != null && underWay.state() != State.ABANDONED) {
			return underWay;
		}
		Delivery next = new Delivery(expiry, claimedAt, this);
		this.deliveries.put(expiry, next);
		begun.add(next);
		return next;
	}

	private void publish(Delivery delivery) {
		if (this.refusing) {
			delivery.refuse();
		}
		else {
			this.refusing = !this.publisher.publish(delivery);
		}
	}

	/** Tries again to publish what no thread could be started for, in its order. */
	private void retryRefused() {
		if (this.refusing) {
			this.refusing = false;
			all(ClaimInFlight::isRefused).stream()
				.flatMap((claim) -> claim.deliveries().stream())
				.filter((delivery) -> delivery.state() == State.REFUSED && delivery.retry())
				.forEach(this::publish);
		}
	}

	/**
	 * Acknowledges what was published, and extends the claims that wait.
	 */
	void settle() {
		retryRefused();
		acknowledge(all(ClaimInFlight::isPublished));
		extendWaiting();
		forgetEnded();
	}

	private void acknowledge(List<ClaimInFlight> published) {
		if (!published.isEmpty()) {
			this.scripts.run(this.commands.acknowledge(this.partition, claims(published)));
			published.forEach(this::forget);
		}
	}

	/**
	 * Extends the claims that wait for a slow listener, and forgets the abandoned ones.
	 */
	private void extendWaiting() {
		List<ClaimInFlight> aging = all((claim) -> claim.isWaiting() && isAging(claim));
		if (!aging.isEmpty()) {
			long sent = this.nanoTime.getAsLong();
			this.scripts.run(ExpiryCommands.extend(this.partition, claims(aging), this.ackTimeout));
			aging.forEach((claim) -> claim.extended(sent));
		}
		all((claim) -> !claim.isSingle() && !claim.isPublished() && (isAging(claim) || claim.isAbandoned()))
			.forEach(this::split);
		this.pending.values().removeIf(ClaimInFlight::isAbandoned);
	}

	private void forget(ClaimInFlight claim) {
		this.pending.remove(claim.claim().text());
	}

	/**
	 * Forgets the deliveries whose claims are done with. A claim whose text is lost may
	 * still come back.
	 */
	private void forgetEnded() {
		if (!this.incomplete && !this.suspicious) {
			Set<Delivery> claimed = this.pending.values()
				.stream()
				.flatMap((claim) -> claim.deliveries().stream())
				.collect(Collectors.toSet());
			this.deliveries.values().removeIf((delivery) -> delivery.isOver() && !claimed.contains(delivery));
		}
	}

	/**
	 * Replaces a claim of several with a slow listener by single claims on what is not
	 * published, which are then extended, acknowledged or abandoned one by one.
	 */
	private void split(ClaimInFlight group) {
		SortedMap<Integer, Duration> unpublished = new TreeMap<>();
		for (int i = 0; i < group.deliveries().size(); i++) {
			Delivery delivery = group.deliveries().get(i);
			if (delivery.state() != State.PUBLISHED) {
				unpublished.put(i, retryAfter(delivery));
			}
		}
		long sent = this.nanoTime.getAsLong();
		List<ExpiryClaim> singles = runCompletely(this.commands.split(this.partition, group.claim(), unpublished));
		forget(group);
		Map<Expiry, Delivery> parts = group.deliveries()
			.stream()
			.collect(Collectors.toMap(Delivery::expiry, Function.identity()));
		for (ExpiryClaim single : singles) {
			ClaimInFlight claim = new ClaimInFlight(single, single.expiries().stream().map(parts::get).toList());
			this.pending.put(single.text(), claim);
			if (claim.isWaiting()) {
				claim.extended(sent);
			}
		}
	}

	/**
	 * A claim that waits gets the whole ack timeout again; the time of a running listener
	 * goes on.
	 */
	private Duration retryAfter(Delivery delivery) {
		long age = (delivery.state() == State.WAITING) ? 0 : this.nanoTime.getAsLong() - delivery.claimedAt();
		return this.ackTimeout.minusNanos(Math.min(age, this.ackTimeout.toNanos()));
	}

	private List<ClaimInFlight> all(Predicate<ClaimInFlight> condition) {
		return this.pending.values().stream().filter(condition).limit(MOST_PENDING).toList();
	}

	private static List<ExpiryClaim> claims(List<ClaimInFlight> claims) {
		return claims.stream().map(ClaimInFlight::claim).toList();
	}

	private boolean isAging(ClaimInFlight claim) {
		long quarters = quartersSince(claim.claimedAt());
		return quarters >= 1 && quarters < 3;
	}

	/** Whether no other instance can have claimed it. Called on any thread. */
	boolean isFresh(Delivery delivery) {
		return quartersSince(delivery.claimedAt()) < 3;
	}

	/**
	 * The time since the deadline of an expiry, by the clock of Redis in the latest
	 * reply. Called on any thread.
	 * @param expiry the expiry
	 * @return the time in nanoseconds, or {@code null} before the first reply
	 */
	@Nullable Long lag(Expiry expiry) {
		Long offset = this.clockOffset;
		return (offset != null)
				? this.nanoTime.getAsLong() + offset - TimeUnit.MILLISECONDS.toNanos(expiry.deadline().toEpochMilli())
				: null;
	}

	/** The time since a claim was made, in quarters of the ack timeout. */
	private long quartersSince(long claimedAt) {
		return (this.nanoTime.getAsLong() - claimedAt) / (this.ackTimeout.toNanos() / 4);
	}

}
