package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;

import io.locky.LockRefresh;
import io.locky.event.LockReleasedEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes and releases locks that are held.
 */
public final class Leases {

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final @Nullable Duration foreignTtl;

	private final LockyEventPublisher events;

	/**
	 * Creates the access to leases.
	 * @param scripts the access to Redis
	 * @param commands the calls of the scripts
	 * @param foreignTtl the TTL that a refresh sets for a lock that another client wrote,
	 * or {@code null} to leave such a lock as it is
	 * @param events publishes releases
	 */
	Leases(ScriptRunner scripts, LockCommands commands, @Nullable Duration foreignTtl, LockyEventPublisher events) {
		this.scripts = scripts;
		this.commands = commands;
		this.foreignTtl = foreignTtl;
		this.events = events;
	}

	/**
	 * Reports locks that cannot be read.
	 * @return the report
	 */
	UnreadableLocks unreadable() {
		return this.commands.unreadable();
	}

	/**
	 * Resets the TTL of a lock.
	 * @param lock the lock
	 * @return whether its owner holds it
	 */
	public LockRefresh refresh(OwnedLock lock) {
		return refresh(List.of(lock)).lock();
	}

	/**
	 * Resets the TTL of locks.
	 * @param locks the locks, of one partition
	 * @return one result for each lock, in their order
	 */
	RefreshReply refresh(List<OwnedLock> locks) {
		return this.scripts.run(this.commands.refresh(locks, this.foreignTtl));
	}

	/**
	 * Releases a lock, and publishes that.
	 * @param lock the lock
	 * @return whether its owner held it
	 */
	public boolean release(OwnedLock lock) {
		return release(List.of(lock)) == 1;
	}

	/**
	 * Releases locks, and publishes that.
	 * @param locks the locks, of one partition
	 * @return how many were held by their owners
	 */
	int release(List<OwnedLock> locks) {
		List<ReleaseReply> released = this.scripts.run(this.commands.release(locks));
		for (ReleaseReply lock : released) {
			this.events
				.publish(new LockReleasedEvent(this, lock.resource(), lock.locker(), lock.fence(), lock.releasedAt()));
		}
		return released.size();
	}

}
