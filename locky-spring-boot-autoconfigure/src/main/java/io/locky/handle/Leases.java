package io.locky.handle;

import java.time.Duration;
import java.util.List;

import io.locky.blocking.ScriptRunner;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEventPublisher;
import io.locky.redis.LockyCalls;
import io.locky.redis.OwnedLock;
import io.locky.redis.RefreshReply;
import io.locky.redis.ReleaseReply;
import org.jspecify.annotations.Nullable;

/**
 * Keeps and gives back locks that are held.
 *
 * @since 0.1.0
 */
public final class Leases {

	private final ScriptRunner scripts;

	private final LockyCalls calls;

	private final @Nullable Duration foreignTtl;

	private final LockyEventPublisher events;

	/**
	 * Creates the access to leases.
	 * @param scripts the access to Redis
	 * @param calls the calls of the scripts
	 * @param foreignTtl the ttl that a refresh gives to a lock that another client wrote,
	 * or {@code null} to leave such a one as it is
	 * @param events where releases are told
	 */
	public Leases(ScriptRunner scripts, LockyCalls calls, @Nullable Duration foreignTtl, LockyEventPublisher events) {
		this.scripts = scripts;
		this.calls = calls;
		this.foreignTtl = foreignTtl;
		this.events = events;
	}

	/**
	 * Starts the ttl of locks anew.
	 * @param locks the locks, of one partition
	 * @return what became of each
	 */
	public List<RefreshReply> refresh(List<OwnedLock> locks) {
		return RefreshReply.of(this.scripts.run(this.calls.refresh(locks, this.foreignTtl)));
	}

	/**
	 * Gives locks back, and tells it.
	 * @param locks the locks, of one partition
	 * @return how many were held by their owners
	 */
	public int release(List<OwnedLock> locks) {
		List<ReleaseReply> released = ReleaseReply.of(locks, this.scripts.run(this.calls.release(locks)));
		for (ReleaseReply lock : released) {
			this.events
				.publish(new LockReleasedEvent(this, lock.resource(), lock.locker(), lock.fence(), lock.releasedAt()));
		}
		return released.size();
	}

}
