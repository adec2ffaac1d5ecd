package io.locky.core;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.blocking.ScriptRunner;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEventPublisher;
import io.locky.handle.Leases;
import io.locky.redis.AcquireReply;
import io.locky.redis.Acquisition;
import io.locky.redis.Acquisition.Contention;
import io.locky.redis.Grant;
import io.locky.redis.LockyCalls;
import io.locky.redis.OwnedLock;
import io.locky.redis.ScriptCall;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

/**
 * Makes single attempts to take locks, and tells of those that were granted.
 */
final class LockAcquirer {

	private final ScriptRunner scripts;

	private final LockyCalls calls;

	private final Leases leases;

	private final FoundExpiries foundExpiries;

	private final ReplicatedGrants replication;

	private final LockyEventPublisher events;

	private final @Nullable Duration ttl;

	LockAcquirer(ScriptRunner scripts, LockyCalls calls, Leases leases, FoundExpiries foundExpiries,
			ReplicatedGrants replication, LockyEventPublisher events, @Nullable Duration ttl) {
		this.scripts = scripts;
		this.calls = calls;
		this.leases = leases;
		this.foundExpiries = foundExpiries;
		this.replication = replication;
		this.events = events;
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

	AcquireReply acquire(LockRequest request) {
		LockOptions options = request.options();
		return acquire(List.of(request.resource()), request.locker(), ttl(options), options);
	}

	AcquireReply acquire(List<String> resources, String locker, @Nullable Duration lease, LockOptions options) {
		Acquisition wanted = new Acquisition(resources, locker, lease, options.maxHold(), newAttempt(),
				new Contention(options.force(), options.takeOverFrom(), options.reentrant()), options.note());
		AcquireReply reply = send(wanted);
		if (reply instanceof AcquireReply.Granted granted) {
			this.foundExpiries.tell(granted.expired());
			this.replication.require(granted.grants());
		}
		return reply;
	}

	private AcquireReply send(Acquisition wanted) {
		ScriptCall<List<Object>> call = this.calls.acquire(wanted, this.foundExpiries.ackTimeout());
		try {
			return sendUpToTwice(call, wanted);
		}
		catch (RuntimeException ex) {
			if (Thread.interrupted()) {
				undo(call, wanted, ex);
			}
			throw ex;
		}
	}

	private AcquireReply sendUpToTwice(ScriptCall<List<Object>> call, Acquisition wanted) {
		try {
			return run(call, wanted);
		}
		catch (DataAccessException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw ex;
			}
			// Perhaps only the answer got lost, in time or with the connection: the same
			// attempt gets the same grant.
			return run(call, wanted);
		}
	}

	private AcquireReply run(ScriptCall<List<Object>> call, Acquisition wanted) {
		return AcquireReply.of(wanted.resources(), this.scripts.run(call));
	}

	/**
	 * An interrupted thread does not hear the answer: whatever was granted is given back.
	 * Not what was entered again: that is the locker's by an earlier attempt.
	 */
	private void undo(ScriptCall<List<Object>> call, Acquisition wanted, RuntimeException failure) {
		try {
			if (run(call, wanted) instanceof AcquireReply.Granted granted) {
				this.foundExpiries.tell(granted.expired());
				tell(granted, wanted.locker());
				List<Grant> own = granted.grants().stream().filter((grant) -> !grant.reentered()).toList();
				if (!own.isEmpty()) {
					this.leases.release(owned(own));
				}
			}
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
		finally {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Tells that locks were granted. Comes after the handle is kept alive: a listener may
	 * take longer than a lease.
	 * @param granted the answer to the attempt
	 * @param locker who has them
	 */
	void tell(AcquireReply.Granted granted, String locker) {
		granted.grants().forEach((grant) -> tell(grant, locker));
	}

	private void tell(Grant grant, String locker) {
		if (grant.reentered()) {
			return;
		}
		this.events.publish((grant.previousLocker() != null)
				? new LockTakenOverEvent(this, grant.resource(), locker, grant.fence(), grant.since(),
						grant.previousLocker())
				: new LockAcquiredEvent(this, grant.resource(), locker, grant.fence(), grant.since()));
	}

	static List<OwnedLock> owned(List<Grant> grants) {
		return grants.stream().map((grant) -> OwnedLock.byFence(grant.resource(), grant.fence())).toList();
	}

	/** 64 random bits in 11 characters: it is kept with every lock. */
	private static String newAttempt() {
		byte[] bits = ByteBuffer.allocate(Long.BYTES).putLong(ThreadLocalRandom.current().nextLong()).array();
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
	}

}
