package io.locky.autoconfigure.actuate;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockWaiter;
import io.locky.core.LockyTemplate;
import io.locky.event.LockForceReleasedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The endpoint {@code locky} of the Actuator: lists the locks that are held, shows one of
 * them with those who wait for it, and releases one by force. The last needs
 * {@code management.endpoint.locky.access=unrestricted}.
 *
 * @since 0.9.0
 */
@Endpoint(id = "locky", defaultAccess = Access.READ_ONLY)
@SuppressWarnings("deprecation") // Spring Boot 3.5 looks for the older @Nullable
public final class LocksEndpoint {

	static final String FORCE_RELEASED = "LOCK_FORCE_RELEASED";

	private static final String UNKNOWN = "unknown";

	private final LockyTemplate locks;

	private final ApplicationEventPublisher events;

	LocksEndpoint(LockyTemplate locks, ApplicationEventPublisher events) {
		this.locks = locks;
		this.events = events;
	}

	/**
	 * Lists held locks.
	 * @param prefix the start of the names of the resources, or {@code null} for all
	 * @param locker the locker that holds the locks, or {@code null} for all
	 * @param cursor where the page begins, or {@code null} for the first one
	 * @param size about how many locks, from 1 to 1000, or {@code null} for 100
	 * @return a page of them
	 */
	@ReadOperation
	public Page locks(@org.springframework.lang.Nullable @Nullable String prefix,
			@org.springframework.lang.Nullable @Nullable String locker,
			@org.springframework.lang.Nullable @Nullable String cursor,
			@org.springframework.lang.Nullable @Nullable Integer size) {
		LockQuery query = LockQuery.all().withPrefix((prefix != null) ? prefix : "");
		if (locker != null) {
			query = query.heldBy(locker);
		}
		if (cursor != null) {
			query = query.after(cursor);
		}
		if (size != null) {
			query = query.limit(size);
		}
		LockPage page = this.locks.list(query);
		return new Page(page.locks().stream().map(Lock::of).toList(), page.cursor());
	}

	/**
	 * Shows one lock.
	 * @param resource the parts of the name of the resource, between the slashes
	 * @return the lock, or {@code null} if nobody holds it or waits for it
	 */
	@ReadOperation
	public @Nullable LockAndWaiters lock(@Selector(match = Match.ALL_REMAINING) String... resource) {
		String name = String.join("/", resource);
		Lock lock = this.locks.find(name).map(Lock::of).orElse(null);
		List<Waiter> waiters = this.locks.waiters(name).stream().map(Waiter::of).toList();
		return (lock != null || !waiters.isEmpty()) ? new LockAndWaiters(lock, waiters) : null;
	}

	/**
	 * Releases the lock of somebody else.
	 * @param operator who does that
	 * @param fence the fencing token of the only grant to end, or {@code null} for
	 * whichever holds the lock
	 * @param resource the parts of the name of the resource, between the slashes
	 * @return what was released
	 */
	@DeleteOperation
	public Release release(SecurityContext operator, @org.springframework.lang.Nullable @Nullable Long fence,
			@Selector(match = Match.ALL_REMAINING) String... resource) {
		LockInfo lock = this.locks.find(String.join("/", resource)).orElse(null);
		if (lock == null || (fence != null && fence != lock.fence()) || !release(lock)) {
			return new Release(false, (lock != null) ? Lock.of(lock) : null);
		}
		Principal principal = operator.getPrincipal();
		publish(lock, (principal != null) ? principal.getName() : UNKNOWN);
		return new Release(true, Lock.of(lock));
	}

	/** A lock that changed hands since it was read stays held. */
	private boolean release(LockInfo lock) {
		return (lock.fence() > 0) ? this.locks.unlock(lock.resource(), lock.locker(), lock.fence())
				: this.locks.unlock(lock.resource(), lock.locker());
	}

	private void publish(LockInfo lock, String operator) {
		this.events
			.publishEvent(new LockForceReleasedEvent(this, lock.resource(), lock.locker(), lock.fence(), operator));
		this.events.publishEvent(new AuditApplicationEvent(operator, FORCE_RELEASED,
				Map.of("resource", lock.resource(), "locker", lock.locker(), "fence", lock.fence())));
	}

	/**
	 * A page of locks.
	 *
	 * @param locks the locks
	 * @param cursor where the next page begins, or {@code null} if there is none
	 */
	public record Page(List<Lock> locks, @Nullable String cursor) {

	}

	/**
	 * A lock that is held.
	 *
	 * @param resource the name of the resource
	 * @param locker the locker that holds it
	 * @param fence the fencing token of the grant, or 0 if another client wrote the lock
	 * @param since since when, by the clock of Redis, or {@code null} if that is not
	 * known
	 * @param expiresInMillis the rest of the lease, or {@code null} if it does not end
	 * @param note the note of the locker, or {@code null}
	 */
	public record Lock(String resource, String locker, long fence, @Nullable Instant since,
			@Nullable Long expiresInMillis, @Nullable String note) {

		static Lock of(LockInfo lock) {
			return new Lock(lock.resource(), lock.locker(), lock.fence(), lock.since(),
					(lock.expiresIn() != null) ? lock.expiresIn().toMillis() : null, lock.note());
		}

	}

	/**
	 * A request that waits.
	 *
	 * @param instance the id of the instance that waits
	 * @param since since when
	 */
	public record Waiter(String instance, Instant since) {

		static Waiter of(LockWaiter waiter) {
			return new Waiter(waiter.instance(), waiter.since());
		}

	}

	/**
	 * A lock and those who wait for it.
	 *
	 * @param lock the lock, or {@code null} if it is free
	 * @param waiters up to 100 of those who wait, in their order
	 */
	public record LockAndWaiters(@Nullable Lock lock, List<Waiter> waiters) {

	}

	/**
	 * The result of a release.
	 *
	 * @param released whether the lock was released
	 * @param lock the lock as it was before, or {@code null} if it was free
	 */
	public record Release(boolean released, @Nullable Lock lock) {

	}

}
