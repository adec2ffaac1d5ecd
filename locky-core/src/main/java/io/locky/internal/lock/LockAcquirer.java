package io.locky.internal.lock;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.FoundExpiries;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

/**
 * Makes single attempts to acquire locks, and publishes the events of their grants.
 */
final class LockAcquirer {

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final Leases leases;

	private final FoundExpiries foundExpiries;

	private final ReplicatedGrants replication;

	private final LockyEventPublisher events;

	private final CleanUp cleanUp;

	private final @Nullable Duration ttl;

	private final Duration ackTimeout;

	private final LongSupplier ticker;

	LockAcquirer(ScriptRunner scripts, LockCommands commands, Leases leases, FoundExpiries foundExpiries,
			ReplicatedGrants replication, LockyEventPublisher events, CleanUp cleanUp, LockySettings settings,
			LongSupplier ticker) {
		this.scripts = scripts;
		this.commands = commands;
		this.leases = leases;
		this.foundExpiries = foundExpiries;
		this.replication = replication;
		this.events = events;
		this.cleanUp = cleanUp;
		this.ttl = settings.ttl();
		this.ackTimeout = settings.ackTimeout();
		this.ticker = ticker;
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

	/**
	 * Makes one attempt. If a lock is granted, the expiries of earlier leases that it
	 * found are handed over to be published.
	 * @param request the request
	 * @return the reply; the caller publishes what was granted
	 */
	Attempt acquire(LockRequest request) {
		LockOptions options = request.options();
		return acquire(List.of(request.resource()), request.locker(), ttl(options), options);
	}

	Attempt acquire(List<String> resources, String locker, @Nullable Duration lease, LockOptions options) {
		Attempt attempt = send(new AcquireCommand(resources, locker, lease, newAttempt(), options));
		if (attempt.reply() instanceof AcquireReply.Granted granted) {
			this.foundExpiries.handOver(granted.expired(), attempt.sent());
			this.replication.require(granted.grants());
		}
		return attempt;
	}

	private Attempt send(AcquireCommand command) {
		ScriptCall<AcquireReply> call = this.commands.acquire(command, this.foundExpiries.claimer(), this.ackTimeout);
		try {
			return sendUpToTwice(call, command.resources().get(0));
		}
		catch (RuntimeException ex) {
			if (Thread.currentThread().isInterrupted()) {
				this.cleanUp.run(command.ttl(), () -> undo(call, command.locker()));
			}
			throw ex;
		}
	}

	private Attempt sendUpToTwice(ScriptCall<AcquireReply> call, String resource) {
		try {
			return sendOnce(call);
		}
		catch (DataAccessException ex) {
			try {
				if (Thread.currentThread().isInterrupted()) {
					throw ex;
				}
				// Perhaps the attempt was granted and only its reply got lost: the same
				// attempt gets the same grant.
				return sendOnce(call);
			}
			finally {
				this.foundExpiries.answerLost(resource);
			}
		}
	}

	private Attempt sendOnce(ScriptCall<AcquireReply> call) {
		long sent = this.ticker.getAsLong();
		return new Attempt(this.scripts.run(call), sent);
	}

	/**
	 * Releases what was granted to an interrupted thread, which does not receive the
	 * reply. A grant that was entered again stays: the locker has it by an earlier
	 * attempt.
	 */
	private void undo(ScriptCall<AcquireReply> call, String locker) {
		Attempt attempt = sendOnce(call);
		if (attempt.reply() instanceof AcquireReply.Granted granted) {
			this.foundExpiries.handOver(granted.expired(), attempt.sent());
			publish(granted, locker);
			List<Grant> fresh = granted.grants().stream().filter((grant) -> !grant.reentered()).toList();
			if (!fresh.isEmpty()) {
				this.leases.release(OwnedLock.byFences(fresh));
			}
		}
	}

	/**
	 * Publishes grants. Where there is a handle, its renewal must have begun: a listener
	 * may take longer than a lease.
	 * @param granted the reply to the attempt
	 * @param locker the locker that holds the locks
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

	/** 64 random bits in only 11 characters, because Redis keeps it with every lock. */
	private static String newAttempt() {
		byte[] bits = ByteBuffer.allocate(Long.BYTES).putLong(ThreadLocalRandom.current().nextLong()).array();
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
	}

	/**
	 * An attempt and its reply.
	 *
	 * @param reply the reply of Redis
	 * @param sent when the attempt that was answered was sent, by the clock of the
	 * handles: a lease that is counted from there never ends later here than in Redis
	 */
	record Attempt(AcquireReply reply, long sent) {

	}

}
