package io.locky.internal.lock;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.InlineExpiryDispatcher;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

/**
 * Makes single attempts to take locks, and tells of those that were granted.
 */
final class LockAcquirer {

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final Leases leases;

	private final InlineExpiryDispatcher foundExpiries;

	private final ReplicatedGrants replication;

	private final LockyEventPublisher events;

	private final @Nullable Duration ttl;

	LockAcquirer(ScriptRunner scripts, LockCommands commands, Leases leases, InlineExpiryDispatcher foundExpiries,
			ReplicatedGrants replication, LockyEventPublisher events, @Nullable Duration ttl) {
		this.scripts = scripts;
		this.commands = commands;
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
		AcquireCommand wanted = new AcquireCommand(resources, locker, lease, newAttempt(), options);
		AcquireReply reply = send(wanted);
		if (reply instanceof AcquireReply.Granted granted) {
			this.foundExpiries.publish(granted.expired());
			this.replication.require(granted.grants());
		}
		return reply;
	}

	private AcquireReply send(AcquireCommand wanted) {
		ScriptCall<AcquireReply> call = this.commands.acquire(wanted, this.foundExpiries.ackTimeout());
		try {
			return sendUpToTwice(call);
		}
		catch (RuntimeException ex) {
			if (Thread.interrupted()) {
				undo(call, wanted, ex);
			}
			throw ex;
		}
	}

	private AcquireReply sendUpToTwice(ScriptCall<AcquireReply> call) {
		try {
			return this.scripts.run(call);
		}
		catch (DataAccessException ex) {
			if (Thread.currentThread().isInterrupted()) {
				throw ex;
			}
			// Perhaps only the answer got lost, in time or with the connection: the same
			// attempt gets the same grant.
			return this.scripts.run(call);
		}
	}

	/**
	 * An interrupted thread does not hear the answer: whatever was granted is given back.
	 * Not what was entered again: that is the locker's by an earlier attempt.
	 */
	private void undo(ScriptCall<AcquireReply> call, AcquireCommand wanted, RuntimeException failure) {
		try {
			if (this.scripts.run(call) instanceof AcquireReply.Granted granted) {
				this.foundExpiries.publish(granted.expired());
				publish(granted, wanted.locker());
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
	void publish(AcquireReply.Granted granted, String locker) {
		granted.grants().forEach((grant) -> publish(grant, locker));
	}

	private void publish(Grant grant, String locker) {
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
