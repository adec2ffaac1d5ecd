package io.locky.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.locky.LockAttempt;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockAttentionEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.test.LockClock.Timed;
import io.locky.test.MemoryGrant.Owner;
import io.locky.test.MemoryGrants.Granted;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.Assert;

/**
 * Changes the locks in memory, one change after the other. What a change causes (events,
 * losses of handles, grants to waiters) follows in the thread that made it, in order and
 * after the locks are consistent: a listener may use them.
 */
final class MemoryEngine implements Timed {

	private static final int RENEWALS_PER_TTL = 3;

	private final LockClock clock;

	private final LockyEventPublisher events;

	private final MemoryGrants grants;

	private final WaitingRequests waiting = new WaitingRequests();

	private final Set<MemoryLockHandle> renewed = new LinkedHashSet<>();

	private boolean closed;

	/**
	 * Creates an engine without locks.
	 * @param clock the clock
	 * @param ttl the length of a lease for which a request sets none, or {@code null}
	 * @param publisher publishes the events
	 */
	MemoryEngine(LockClock clock, @Nullable Duration ttl, ApplicationEventPublisher publisher) {
		this.clock = clock;
		this.grants = new MemoryGrants(clock, ttl);
		this.events = new LockyEventPublisher(publisher);
	}

	LockClock clock() {
		return this.clock;
	}

	/** Reads or changes the locks, after all leases that are over have ended. */
	<T> T run(Function<Effects, T> operation) {
		Effects effects = new Effects();
		T result;
		synchronized (this) {
			expire(effects);
			result = operation.apply(effects);
		}
		effects.run();
		return result;
	}

	<T> T read(Function<MemoryGrants, T> query) {
		return run((effects) -> query.apply(this.grants));
	}

	/** Makes the first attempt of a request. If that is denied, the request may wait. */
	PendingLock begin(LockRequest request, boolean blocking) {
		long renewEvery = renewEvery(request.options());
		long wait = wait(request.options());
		return run((effects) -> {
			Assert.state(renewEvery == 0 || !this.closed,
					"Closed locks are not renewed: acquire the lock before, or without autoRenew()");
			PendingLock pending = new PendingLock(request, this.clock.millis() + wait, renewEvery, blocking,
					new CompletableFuture<>());
			if (!attempt(pending, effects)) {
				if (wait > 0) {
					this.waiting.add(pending);
				}
				else {
					deny(pending, effects);
				}
			}
			return pending;
		});
	}

	/**
	 * How often the lock of a request is renewed.
	 * @param options its options
	 * @return the milliseconds between two renewals, 0 for none
	 */
	long renewEvery(LockOptions options) {
		if (!options.autoRenew()) {
			return 0;
		}
		Duration ttl = this.grants.ttl(options);
		Assert.isTrue(ttl != null,
				"A lock without a TTL cannot be renewed: set ttl(…) on the request, or in the settings (locky.ttl)");
		return Math.max(1, ttl.toMillis() / RENEWALS_PER_TTL);
	}

	/**
	 * A grant to take over that has ended does not come back, and force waits for nobody.
	 */
	private static long wait(LockOptions options) {
		boolean waits = options.takeOverFrom() == null && !options.force();
		return (waits && options.waitUpTo() != null) ? options.waitUpTo().toMillis() : 0;
	}

	private boolean attempt(PendingLock pending, Effects effects) {
		Granted granted = this.grants.acquire(pending.request());
		if (granted == null) {
			return false;
		}
		MemoryLockHandle handle = new MemoryLockHandle(this, granted.grant(), pending.renewEvery(),
				pending.request().options().keepOnShutdown());
		if (pending.renewEvery() > 0) {
			this.renewed.add(handle);
		}
		publish(granted, effects);
		effects.add(() -> {
			if (!pending.result().complete(new LockAttempt.Acquired(handle))) {
				handle.close();
			}
		});
		letIn(pending.resource(), effects);
		return true;
	}

	/** Requests that wait for a lock that their own locker has got meanwhile. */
	private void letIn(String resource, Effects effects) {
		PendingLock next = this.waiting.pollFirst(resource, (other) -> this.grants.letsIn(other.request()));
		if (next != null) {
			attempt(next, effects);
		}
	}

	private void deny(PendingLock pending, Effects effects) {
		MemoryGrant holder = this.grants.find(pending.resource());
		LockAttempt denied = new LockAttempt.Denied((holder != null) ? holder.info(this.clock.millis()) : null);
		effects.add(() -> pending.result().complete(denied));
	}

	/** Ends the wait of a request, unless it has its result. */
	void withdraw(PendingLock pending) {
		run((effects) -> {
			boolean waited = this.waiting.remove(pending);
			if (waited) {
				deny(pending, effects);
			}
			return waited;
		});
	}

	List<MemoryGrant> acquireAll(List<LockRequest> requests) {
		return run((effects) -> {
			if (!this.grants.areFree(requests.stream().map(LockRequest::resource).toList())) {
				return List.of();
			}
			List<Granted> all = requests.stream().map(this.grants::acquire).filter(Objects::nonNull).toList();
			all.forEach((granted) -> publish(granted, effects));
			return all.stream().map(Granted::grant).toList();
		});
	}

	@Nullable MemoryGrant refresh(String resource, Owner owner) {
		return run((effects) -> this.grants.refresh(resource, owner));
	}

	@Nullable MemoryGrant refresh(String resource, Owner owner, Duration idle) {
		return run((effects) -> {
			MemoryGrant before = this.grants.find(resource);
			MemoryGrant refreshed = this.grants.refresh(resource, owner, idle);
			if (before != null && refreshed != null && before.idleSince() != refreshed.idleSince()) {
				publish(new LockAttentionEvent(this, resource, refreshed.locker(), refreshed.fence(), clock().now(),
						refreshed.info(this.clock.millis()).idleSince()), effects);
			}
			return refreshed;
		});
	}

	boolean release(String resource, Owner owner) {
		return run((effects) -> release(resource, owner, effects));
	}

	boolean release(String resource, Owner owner, Effects effects) {
		MemoryGrant ended = this.grants.release(resource, owner);
		if (ended != null) {
			publish(new LockReleasedEvent(this, resource, ended.locker(), ended.fence(), clock().now(),
					owner.equals(Owner.ANYONE), null), effects);
			serve(resource, effects);
		}
		return ended != null;
	}

	int releaseAll(String locker) {
		return run((effects) -> {
			List<MemoryGrant> held = this.grants.all().stream().filter((lock) -> lock.locker().equals(locker)).toList();
			held.forEach((lock) -> release(lock.resource(), new Owner(locker, lock.fence()), effects));
			return held.size();
		});
	}

	@Nullable MemoryGrant refresh(MemoryLockHandle handle, Effects effects) {
		MemoryGrant refreshed = this.grants.refresh(handle.resource(), handle.owner());
		if (refreshed != null) {
			handle.extend(refreshed.deadline());
		}
		else if (handle.markLost()) {
			publishLoss(handle, effects);
		}
		return refreshed;
	}

	void forget(MemoryLockHandle handle) {
		this.renewed.remove(handle);
	}

	void publishLoss(MemoryLockHandle handle, Effects effects) {
		forget(handle);
		LockyEvent lost = new LockLostEvent(this, handle.resource(), handle.locker(), handle.fence(), clock().now());
		effects.add(() -> {
			this.events.publish(lost);
			handle.runLostCallbacks();
		});
	}

	/** The first that waits gets the lock before anyone else can. */
	private void serve(String resource, Effects effects) {
		PendingLock first = this.waiting.pollFirst(resource, (any) -> true);
		if (first != null) {
			attempt(first, effects);
		}
	}

	private void publish(Granted granted, Effects effects) {
		MemoryGrant grant = granted.grant();
		Instant since = Instant.ofEpochMilli(grant.since());
		MemoryGrant replaced = granted.replaced();
		if (replaced != null) {
			publish(new LockTakenOverEvent(this, grant.resource(), grant.locker(), grant.fence(), since,
					replaced.locker(), replaced.fence(), grant.note().isEmpty() ? null : grant.note(), null), effects);
		}
		else if (!granted.reentered()) {
			publish(new LockAcquiredEvent(this, grant.resource(), grant.locker(), grant.fence(), since), effects);
		}
	}

	/** A renewed handle is lost with the event that ends its grant. */
	private void publish(LockyEvent event, Effects effects) {
		List<MemoryLockHandle> lost = this.renewed.stream()
			.filter((handle) -> handle.isEndedBy(event) && handle.markLost())
			.toList();
		effects.add(() -> this.events.publish(event));
		lost.forEach((handle) -> publishLoss(handle, effects));
	}

	private void expire(Effects effects) {
		for (MemoryGrant ended = this.grants.expireNext(); ended != null; ended = this.grants.expireNext()) {
			publish(new LockExpiredEvent(this, ended.resource(), ended.locker(), ended.fence(),
					Instant.ofEpochMilli(ended.deadline())), effects);
			serve(ended.resource(), effects);
		}
	}

	@Override
	public synchronized Instant nextStep() {
		long renewal = this.renewed.stream().mapToLong(MemoryLockHandle::nextRenewal).min().orElse(MemoryGrant.NEVER);
		long next = Math.min(renewal, Math.min(this.grants.nextDeadline(), this.waiting.nextEnd()));
		return (next != MemoryGrant.NEVER) ? Instant.ofEpochMilli(next) : Instant.MAX;
	}

	@Override
	public void act() {
		run((effects) -> {
			long now = this.clock.millis();
			this.renewed.stream()
				.filter((handle) -> handle.nextRenewal() <= now)
				.toList()
				.forEach((handle) -> renew(handle, now, effects));
			for (PendingLock ended = this.waiting.pollEnded(now); ended != null; ended = this.waiting.pollEnded(now)) {
				if (!attempt(ended, effects)) {
					deny(ended, effects);
				}
			}
			return null;
		});
	}

	private void renew(MemoryLockHandle handle, long now, Effects effects) {
		handle.renewedAt(now);
		refresh(handle, effects);
	}

	/** Gives back the locks that are renewed, except where code still relies on them. */
	void giveBack() {
		List<MemoryLockHandle> idle = run((effects) -> {
			List<MemoryLockHandle> lost = this.renewed.stream()
				.filter((handle) -> !handle.isInUse() && handle.markLost())
				.toList();
			lost.forEach((handle) -> publishLoss(handle, effects));
			return lost;
		});
		idle.forEach(MemoryLockHandle::close);
	}

	/** Refuses handles that are renewed, and ends all waits. */
	void close() {
		run((effects) -> {
			this.closed = true;
			this.waiting.all().forEach((pending) -> end(pending, effects));
			this.waiting.clear();
			return null;
		});
		giveBack();
		this.clock.remove(this);
	}

	private void end(PendingLock pending, Effects effects) {
		if (pending.blocking()) {
			deny(pending, effects);
		}
		else {
			effects.add(() -> pending.result()
				.completeExceptionally(new IllegalStateException(
						"The locks were closed before '%s' was acquired".formatted(pending.resource()))));
		}
	}

	/** Ends everything without an event. */
	void clear() {
		run((effects) -> {
			this.grants.clear();
			this.renewed.forEach(MemoryLockHandle::markLost);
			this.renewed.clear();
			this.waiting.all().forEach((pending) -> deny(pending, effects));
			this.waiting.clear();
			return null;
		});
	}

	int waiting(String resource) {
		return run((effects) -> this.waiting.count(resource));
	}

	/**
	 * What follows a change.
	 */
	static final class Effects {

		private final List<Runnable> actions = new ArrayList<>();

		void add(Runnable action) {
			this.actions.add(action);
		}

		private void run() {
			this.actions.forEach(Runnable::run);
		}

	}

}
