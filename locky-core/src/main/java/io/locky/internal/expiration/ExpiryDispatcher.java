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

import io.locky.internal.expiration.ClaimInFlight.Delivery;
import io.locky.internal.expiration.ClaimInFlight.Delivery.State;
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
 */
final class ExpiryDispatcher {

	private static final int BATCH = 500;

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

	ExpiryDispatcher(ScriptRunner scripts, ExpiryCommands commands, LockyPartition partition, ExpiryPublisher publisher,
			Duration ackTimeout, LongSupplier nanoTime) {
		this.scripts = scripts;
		this.commands = commands;
		this.partition = partition;
		this.publisher = publisher;
		this.ackTimeout = ackTimeout;
		this.nanoTime = nanoTime;
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
	 * Acknowledges what was published, claims what is due, and publishes it.
	 * @return the time until there may be more, or {@code null} if no lock has a deadline
	 * or too much is pending to claim more
	 */
	@Nullable Duration dispatchDue() {
		extendWaiting();
		List<ClaimInFlight> published = all(ClaimInFlight::isPublished);
		int room = Math.min(BATCH, MOST_PENDING - expiries(this.pending.values()) + expiries(published));
		if (room <= 0) {
			acknowledge(published);
			return null;
		}
		long sent = this.nanoTime.getAsLong();
		ClaimReply reply = this.scripts
			.run(this.commands.claim(this.partition, room, claims(published), this.ackTimeout));
		published.forEach(this::forget);
		reply.claims().forEach((claim) -> dispatch(claim, sent));
		return reply.next();
	}

	private static int expiries(Collection<ClaimInFlight> claims) {
		return claims.stream().mapToInt((claim) -> claim.deliveries().size()).sum();
	}

	/**
	 * Publishes a claim, unless that is under way: then only its time starts again.
	 * @param claim a claim of this partition, made here or by an attempt of this instance
	 * @param claimedAt when the command that made it was sent, by the clock of the
	 * dispatcher
	 */
	void dispatch(ExpiryClaim claim, long claimedAt) {
		ClaimInFlight known = this.pending.get(claim.text());
		if (known != null && !known.isAbandoned()) {
			known.extended(claimedAt);
			return;
		}
		ClaimInFlight next = ClaimInFlight.of(claim, claimedAt, this::isFresh);
		this.pending.put(claim.text(), next);
		next.deliveries().forEach(this.publisher::publish);
	}

	/**
	 * Acknowledges what was published, and extends the claims that wait.
	 */
	void settle() {
		acknowledge(all(ClaimInFlight::isPublished));
		extendWaiting();
	}

	private void acknowledge(List<ClaimInFlight> published) {
		if (!published.isEmpty()) {
			this.scripts.run(ExpiryCommands.acknowledge(this.partition, claims(published)));
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
		List<ExpiryClaim> singles = this.scripts.run(ExpiryCommands.split(this.partition, group.claim(), unpublished));
		forget(group);
		Iterator<Integer> places = unpublished.keySet().iterator();
		for (ExpiryClaim single : singles) {
			ClaimInFlight claim = new ClaimInFlight(single, List.of(group.deliveries().get(places.next())));
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
		return this.pending.values().stream().filter(condition).toList();
	}

	private static List<ExpiryClaim> claims(List<ClaimInFlight> claims) {
		return claims.stream().map(ClaimInFlight::claim).toList();
	}

	private boolean isAging(ClaimInFlight claim) {
		long quarters = quartersSince(claim.claimedAt());
		return quarters >= 1 && quarters < 3;
	}

	private boolean isFresh(Delivery delivery) {
		return quartersSince(delivery.claimedAt()) < 3;
	}

	/** The time since a claim was made, in quarters of the ack timeout. */
	private long quartersSince(long claimedAt) {
		return (this.nanoTime.getAsLong() - claimedAt) / (this.ackTimeout.toNanos() / 4);
	}

}
