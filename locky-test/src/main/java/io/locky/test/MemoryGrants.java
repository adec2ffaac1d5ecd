package io.locky.test;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.test.MemoryGrant.Owner;
import org.jspecify.annotations.Nullable;

/**
 * The grants that hold locks, and the rules by which they are made and end: those of the
 * scripts in Redis. Not thread-safe, and without events.
 */
final class MemoryGrants {

	private static final long SAME_MILLIS = 1000;

	private final Map<String, MemoryGrant> byResource = new HashMap<>();

	private final LockClock clock;

	private final @Nullable Duration ttl;

	private long lastFence;

	/**
	 * Creates a store without locks.
	 * @param clock the clock
	 * @param ttl the length of a lease for which a request sets none, or {@code null} for
	 * leases that do not end
	 */
	MemoryGrants(LockClock clock, @Nullable Duration ttl) {
		this.clock = clock;
		this.ttl = ttl;
	}

	/**
	 * The length of the lease that a request gets.
	 * @param options the options of the request
	 * @return the length, or {@code null} if the lock does not expire
	 */
	@Nullable Duration ttl(LockOptions options) {
		Duration length = (options.ttl() != null) ? options.ttl() : this.ttl;
		return (length != null) ? length : options.maxHold();
	}

	@Nullable MemoryGrant find(String resource) {
		return this.byResource.get(resource);
	}

	/** In the order in which they were granted. */
	List<MemoryGrant> all() {
		return this.byResource.values().stream().sorted(Comparator.comparingLong(MemoryGrant::fence)).toList();
	}

	boolean areFree(Collection<String> resources) {
		return resources.stream().noneMatch(this.byResource::containsKey);
	}

	/**
	 * Makes one attempt.
	 * @param request the request
	 * @return what was granted, or {@code null} if it is denied
	 */
	@Nullable Granted acquire(LockRequest request) {
		MemoryGrant held = find(request.resource());
		if (held != null && letsIn(held, request)) {
			return enter(held, request.options());
		}
		LockOptions options = request.options();
		if (held == null) {
			return (options.takeOverFrom() == null) ? grant(request, null) : null;
		}
		return mayReplace(held, options) ? grant(request, held) : null;
	}

	private boolean mayReplace(MemoryGrant held, LockOptions options) {
		boolean wanted = (options.takeOverFrom() != null) ? held.fence() == options.takeOverFrom() : options.force();
		return wanted && isIdleEnough(held, options);
	}

	private boolean isIdleEnough(MemoryGrant held, LockOptions options) {
		Duration least = options.onlyIfIdle();
		return least == null || (held.idleSince() > 0 && this.clock.millis() - held.idleSince() >= least.toMillis());
	}

	/**
	 * Whether a request gets the grant that holds the lock, and not a new one.
	 * @param request the request
	 * @return whether it is of the same locker, and reentrant or of the same client
	 */
	boolean letsIn(LockRequest request) {
		MemoryGrant held = find(request.resource());
		return held != null && letsIn(held, request);
	}

	private static boolean letsIn(MemoryGrant held, LockRequest request) {
		String client = request.options().client();
		return held.locker().equals(request.locker())
				&& (request.options().reentrant() || (!client.isEmpty() && client.equals(held.client())));
	}

	/** The lease becomes the longer of both. */
	private Granted enter(MemoryGrant held, LockOptions options) {
		long length = millis(ttl(options));
		long longer = (length == 0 || held.ttl() == 0) ? 0 : Math.max(length, held.ttl());
		String note = options.note().isEmpty() ? held.note() : options.note();
		return new Granted(put(held.entered(this.clock.millis(), longer, note)), null, true);
	}

	private Granted grant(LockRequest request, @Nullable MemoryGrant held) {
		LockOptions options = request.options();
		long now = this.clock.millis();
		long length = millis(ttl(options));
		long holdEnd = (options.maxHold() != null) ? now + options.maxHold().toMillis() : 0;
		this.lastFence = Math.max(this.lastFence + 1, this.clock.micros());
		MemoryGrant grant = new MemoryGrant(request.resource(), request.locker(), this.lastFence, now, length,
				options.client(), holdEnd, options.note(), MemoryGrant.leaseEnd(now, length, holdEnd), 0);
		return new Granted(put(grant), held, false);
	}

	private static long millis(@Nullable Duration length) {
		return (length != null) ? length.toMillis() : 0;
	}

	private MemoryGrant put(MemoryGrant grant) {
		this.byResource.put(grant.resource(), grant);
		return grant;
	}

	/**
	 * Resets the TTL of a lock, up to the end of its longest hold.
	 * @param resource the resource
	 * @param owner who must hold it
	 * @return the refreshed grant, or {@code null} if that owner does not hold it
	 */
	@Nullable MemoryGrant refresh(String resource, Owner owner) {
		MemoryGrant held = find(resource);
		return (held != null && held.isOwnedBy(owner)) ? put(held.refreshed(this.clock.millis())) : null;
	}

	/**
	 * Resets the TTL of a grant, and keeps whether its holder is active.
	 * @param resource the resource
	 * @param owner who must hold it
	 * @param idle for how long the holder has been idle, 0 if it is active
	 * @return the refreshed grant, or {@code null} if that owner does not hold it
	 */
	@Nullable MemoryGrant refresh(String resource, Owner owner, Duration idle) {
		MemoryGrant held = find(resource);
		if (held == null || !held.isOwnedBy(owner)) {
			return null;
		}
		long now = this.clock.millis();
		long since = idle.isZero() ? 0 : Math.max(held.since(), now - idle.toMillis());
		// Reports of the same time differ by how long they are on their way.
		boolean same = Math.abs(since - held.idleSince()) <= SAME_MILLIS;
		return put(held.refreshed(now, same ? held.idleSince() : since));
	}

	/**
	 * Releases a lock.
	 * @param resource the resource
	 * @param owner who must hold it
	 * @return the grant that has ended, or {@code null} if that owner does not hold it
	 */
	@Nullable MemoryGrant release(String resource, Owner owner) {
		MemoryGrant held = find(resource);
		return (held != null && held.isOwnedBy(owner)) ? this.byResource.remove(resource) : null;
	}

	/**
	 * Ends the lease that has ended first, if any has.
	 * @return the grant that has ended, or {@code null} for none
	 */
	@Nullable MemoryGrant expireNext() {
		MemoryGrant first = this.byResource.values()
			.stream()
			.min(Comparator.comparingLong(MemoryGrant::deadline).thenComparingLong(MemoryGrant::fence))
			.orElse(null);
		return (first != null && first.deadline() <= this.clock.millis()) ? this.byResource.remove(first.resource())
				: null;
	}

	long nextDeadline() {
		return this.byResource.values().stream().mapToLong(MemoryGrant::deadline).min().orElse(MemoryGrant.NEVER);
	}

	/** Fences rise further. */
	void clear() {
		this.byResource.clear();
	}

	/**
	 * What an attempt got.
	 *
	 * @param grant the grant
	 * @param replaced the grant from which the lock was taken over, or {@code null} if it
	 * was free
	 * @param reentered whether it is not a new grant
	 */
	record Granted(MemoryGrant grant, @Nullable MemoryGrant replaced, boolean reentered) {

	}

}
