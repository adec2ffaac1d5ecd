package io.locky.test;

import java.time.Duration;
import java.time.Instant;

import io.locky.LockInfo;

/**
 * A grant that holds a lock. All times are in milliseconds.
 *
 * @param resource the name of the resource
 * @param locker the locker that holds it
 * @param fence the fencing token
 * @param since when it was granted
 * @param ttl the length of the lease, 0 for one that does not end
 * @param client the client that acquired it, or empty
 * @param holdEnd the end of the longest hold, 0 for none
 * @param note a text for others, or empty
 * @param deadline when the lease ends, {@link #NEVER} if it does not
 * @param idleSince since when the holder is idle, 0 if it is active
 */
record MemoryGrant(String resource, String locker, long fence, long since, long ttl, String client, long holdEnd,
		String note, long deadline, long idleSince) {

	static final long NEVER = Long.MAX_VALUE;

	/** By the ttl and by the end of the longest hold. */
	static long leaseEnd(long now, long ttl, long holdEnd) {
		long deadline = (ttl > 0) ? now + ttl : NEVER;
		return (holdEnd > 0) ? Math.min(deadline, holdEnd) : deadline;
	}

	MemoryGrant refreshed(long now) {
		return refreshed(now, this.idleSince);
	}

	/** The lease starts again. */
	MemoryGrant refreshed(long now, long newIdleSince) {
		return new MemoryGrant(this.resource, this.locker, this.fence, this.since, this.ttl, this.client, this.holdEnd,
				this.note, leaseEnd(now, this.ttl, this.holdEnd), newIdleSince);
	}

	/** The lease starts again, with another length and an active holder. */
	MemoryGrant entered(long now, long newTtl, String newNote) {
		return new MemoryGrant(this.resource, this.locker, this.fence, this.since, newTtl, this.client, this.holdEnd,
				newNote, leaseEnd(now, newTtl, this.holdEnd), 0);
	}

	boolean isOwnedBy(Owner owner) {
		return (owner.locker().isEmpty() || owner.locker().equals(this.locker))
				&& (owner.fence() == Owner.ANY_FENCE || owner.fence() == this.fence);
	}

	LockInfo info(long now) {
		return new LockInfo(this.resource, this.locker, this.fence, Instant.ofEpochMilli(this.since),
				(this.deadline != NEVER) ? Duration.ofMillis(this.deadline - now) : null,
				this.note.isEmpty() ? null : this.note,
				(this.idleSince > 0) ? Instant.ofEpochMilli(this.idleSince) : null);
	}

	/**
	 * Who must hold a lock that is refreshed or released.
	 *
	 * @param locker the locker, or empty for any
	 * @param fence the fence of the grant, or {@link #ANY_FENCE}
	 */
	record Owner(String locker, long fence) {

		static final long ANY_FENCE = 0;

		static final Owner ANYONE = new Owner("", ANY_FENCE);

	}

}
