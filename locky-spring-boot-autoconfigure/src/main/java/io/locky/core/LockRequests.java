package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.handle.LockRenewer;
import io.locky.redis.AcquireReply;
import io.locky.redis.AcquireReply.Denied;
import io.locky.redis.AcquireReply.Granted;
import io.locky.redis.HeldLock;
import io.locky.waiting.WaitingRoom;
import io.locky.waiting.WaitingRoom.Place;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Fulfils requests: attempts, waits and makes handles.
 * <p>
 * A waiting request attempts again on a hint that the lock was given back, at the
 * deadline of its holder, and every second in case a hint got lost.
 */
final class LockRequests {

	private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

	/** Renewed thrice within a lease, so that two attempts may fail. */
	private static final int RENEWALS_PER_TTL = 3;

	private final LockAcquirer acquirer;

	private final WaitingRoom room;

	private final LockRenewer renewer;

	LockRequests(LockAcquirer acquirer, WaitingRoom room, LockRenewer renewer) {
		this.acquirer = acquirer;
		this.room = room;
		this.renewer = renewer;
	}

	boolean lock(LockRequest request) {
		Assert.isTrue(!request.options().renewed(),
				"A renewed lock needs a handle to end it: use tryLock(…) and close the handle");
		if (fulfil(request).reply() instanceof Granted granted) {
			this.acquirer.tell(granted, request.locker());
			return true;
		}
		return false;
	}

	LockAttempt tryLock(LockRequest request) {
		Duration renewEvery = renewEvery(request.options());
		Attempt attempt = fulfil(request);
		if (attempt.reply() instanceof Granted granted) {
			LockHandle handle = this.renewer.handle(granted.grant(), request.locker(), attempt.sent(), renewEvery);
			this.acquirer.tell(granted, request.locker());
			return new LockAttempt.Acquired(handle);
		}
		HeldLock holder = ((Denied) attempt.reply()).holder();
		return new LockAttempt.Denied((holder != null) ? LockQueries.info(holder) : null);
	}

	private @Nullable Duration renewEvery(LockOptions options) {
		if (!options.renewed()) {
			return null;
		}
		Duration ttl = this.acquirer.ttl(options);
		Assert.isTrue(ttl != null,
				"A lock without a ttl cannot be renewed: set ttl(…) on the request, or the property locky.ttl");
		return ttl.dividedBy(RENEWALS_PER_TTL);
	}

	private Attempt fulfil(LockRequest request) {
		Attempt first = attempt(request);
		Duration patience = request.options().waitUpTo();
		return (patience != null && first.reply() instanceof Denied) ? await(request, first, patience) : first;
	}

	private Attempt attempt(LockRequest request) {
		long sent = this.renewer.nanoTime();
		return new Attempt(this.acquirer.acquire(request), sent);
	}

	private Attempt await(LockRequest request, Attempt first, Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		Attempt attempt = first;
		try (Place place = this.room.enter(request.resource(), patience)) {
			attempt = attempt(request);
			while (place != null && attempt.reply() instanceof Denied denied && System.nanoTime() - end < 0) {
				place.await(sleep(denied, end));
				attempt = attempt(request);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return attempt;
	}

	private static Duration sleep(Denied denied, long end) {
		Duration sleep = min(LONGEST_SLEEP, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
		HeldLock holder = denied.holder();
		if (holder != null && holder.expiresIn() != null) {
			// A lock is free from the millisecond after its deadline.
			sleep = min(sleep, holder.expiresIn().plusMillis(1));
		}
		return sleep;
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * An attempt that was made.
	 *
	 * @param reply its answer
	 * @param sent when it was sent, by the clock of the renewer
	 */
	private record Attempt(AcquireReply reply, long sent) {

	}

}
