package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;

import io.locky.LockRefresh;
import io.locky.event.LockAttentionEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.Exchange;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Refreshes and releases locks that are held.
 */
public final class Leases {

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final @Nullable Duration foreignTtl;

	private final Releases releases;

	private final LockyEventPublisher events;

	/**
	 * Creates the access to leases.
	 * @param scripts the access to Redis
	 * @param commands the calls of the scripts
	 * @param foreignTtl the TTL that a refresh sets for a lock that another client wrote,
	 * or {@code null} to leave such a lock as it is
	 * @param releases releases locks
	 * @param events publishes events
	 */
	Leases(ScriptRunner scripts, LockCommands commands, @Nullable Duration foreignTtl, Releases releases,
			LockyEventPublisher events) {
		this.scripts = scripts;
		this.commands = commands;
		this.foreignTtl = foreignTtl;
		this.releases = releases;
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
	 * Runs an exchange of this class for a caller that waits.
	 * @param <T> the type of the result
	 * @param exchange the exchange
	 * @return its result
	 */
	<T> T run(Exchange<T> exchange) {
		return this.scripts.run(exchange);
	}

	/**
	 * Resets the TTL of a lock. If the answer gets lost, a refresh of one grant is sent
	 * again; any other could prolong a grant that was made meanwhile.
	 * @param lock the lock
	 * @return whether its owner holds it
	 */
	public Exchange<LockRefresh> refresh(OwnedLock lock) {
		return refreshUpToTwice(lock).map(RefreshReply::lock);
	}

	Exchange<RefreshReply> refreshUpToTwice(OwnedLock lock) {
		return refresh(List.of(lock)).onFailure((failure) -> {
			if (!Operations.isUnanswered(failure)) {
				throw failure;
			}
			if (!lock.fence().isEmpty()) {
				return refresh(List.of(lock));
			}
			throw new DataAccessResourceFailureException(
					"Redis did not answer the refresh of '%s', and it is unknown whether it was refreshed: try again"
						.formatted(lock.resource()),
					failure);
		});
	}

	/**
	 * Resets the TTL of locks.
	 * @param locks the locks, of one partition
	 * @return one result for each lock, in their order
	 */
	Exchange<RefreshReply> refresh(List<OwnedLock> locks) {
		return Exchange.sendOnce(this.commands.refresh(locks, this.foreignTtl));
	}

	/**
	 * Resets the TTL of a lock, reports whether its holder is active, and publishes that
	 * if it has changed. If an answer gets lost, it is published in any case: whether it
	 * has changed is not known any more.
	 * @param grant the lock, by locker and fence
	 * @param idle for how long the holder has been idle; zero if it is active
	 * @return whether the grant holds it
	 */
	public Exchange<LockRefresh> refresh(OwnedLock grant, Duration idle) {
		return attend(grant, idle).map((reply) -> publish(grant, reply, reply.changed())).onFailure((failure) -> {
			if (!Operations.isUnanswered(failure)) {
				throw failure;
			}
			return attend(grant, idle).map((reply) -> publish(grant, reply, true));
		});
	}

	private Exchange<AttentionReply> attend(OwnedLock grant, Duration idle) {
		return Exchange.sendOnce(this.commands.attend(grant, idle));
	}

	private LockRefresh publish(OwnedLock grant, AttentionReply reply, boolean changed) {
		if (reply.lock().held() && changed) {
			this.events.publish(new LockAttentionEvent(this, grant.resource(), grant.locker(),
					Long.parseLong(grant.fence()), reply.at(), reply.idleSince()));
		}
		return reply.lock();
	}

	/**
	 * Releases a lock, and publishes that.
	 * @param lock the lock
	 * @return whether its owner held it
	 */
	public Exchange<Boolean> release(OwnedLock lock) {
		return release(List.of(lock)).map((released) -> released == 1);
	}

	/**
	 * Releases locks, and publishes that.
	 * @param locks the locks, of one partition
	 * @return how many were held by their owners
	 */
	Exchange<Integer> release(List<OwnedLock> locks) {
		return this.releases.release(locks);
	}

}
