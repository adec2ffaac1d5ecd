package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.locky.LockNotReplicatedException;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.event.OwnEvents;
import io.locky.internal.expiration.FoundExpiries;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.lock.LockCommands.Waiting;
import io.locky.internal.lock.Operations.Sending;
import io.locky.internal.redis.Exchange;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * Makes single attempts to acquire locks, and publishes the events of their grants.
 */
final class LockAcquirer {

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final Operations operations;

	private final Releases releases;

	private final FoundExpiries foundExpiries;

	private final ReplicatedGrants replication;

	private final LockyEventPublisher events;

	private final OwnEvents ownEvents;

	private final CleanUp cleanUp;

	private final @Nullable Duration ttl;

	private final Duration ackTimeout;

	private final LongSupplier ticker;

	LockAcquirer(ScriptRunner scripts, LockCommands commands, Operations operations, Releases releases,
			FoundExpiries foundExpiries, ReplicatedGrants replication, LockyEventPublisher events, OwnEvents ownEvents,
			CleanUp cleanUp, LockySettings settings, LongSupplier ticker) {
		this.scripts = scripts;
		this.commands = commands;
		this.operations = operations;
		this.releases = releases;
		this.foundExpiries = foundExpiries;
		this.replication = replication;
		this.events = events;
		this.ownEvents = ownEvents;
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
	Exchange<Attempt> acquire(LockRequest request) {
		return acquire(request, Waiting.NONE);
	}

	/**
	 * Makes one attempt of a waiter.
	 * @param request the request
	 * @param waiting how it waits
	 * @return the reply; the caller publishes what was granted
	 */
	Exchange<Attempt> acquire(LockRequest request, Waiting waiting) {
		LockOptions options = request.options();
		return acquire(new AcquireCommand(List.of(request.resource()), request.locker(), ttl(options),
				this.operations.begin(options.client()), options, waiting));
	}

	Exchange<Attempt> acquire(List<String> resources, String locker, @Nullable Duration lease, LockOptions options) {
		return acquire(new AcquireCommand(resources, locker, lease, this.operations.begin(options.client()), options));
	}

	private Exchange<Attempt> acquire(AcquireCommand command) {
		this.ownEvents.begin(command.attempt().id());
		return send(command).map((attempt) -> {
			if (attempt.reply() instanceof AcquireReply.Granted granted) {
				this.foundExpiries.handOver(granted.expired(), attempt.sent());
				requireReplicas(command, granted);
			}
			settle(command, attempt);
			return attempt;
		});
	}

	private void requireReplicas(AcquireCommand command, AcquireReply.Granted granted) {
		try {
			this.replication.require(granted.grants());
		}
		catch (LockNotReplicatedException ex) {
			giveUp(command);
			throw ex;
		}
	}

	private Exchange<Attempt> send(AcquireCommand command) {
		return sendOnce(command, Sending.FIRST).onFailure((failure) -> {
			if (!Operations.isUnanswered(failure)) {
				this.operations.end(command.attempt());
				this.ownEvents.end(command.attempt().id());
				throw failure;
			}
			return sendAgain(command, failure);
		});
	}

	/**
	 * Perhaps the attempt was granted and only its reply got lost: the same attempt gets
	 * the same grant.
	 */
	private Exchange<Attempt> sendAgain(AcquireCommand command, RuntimeException loss) {
		Exchange<Attempt> again = Thread.currentThread().isInterrupted() ? Exchange.failed(loss)
				: sendOnce(command, Sending.AGAIN);
		return again.onFailure((failure) -> {
			this.cleanUp.run(command.ttl(), () -> undo(command), () -> giveUp(command));
			throw failure;
		}).atEnd(() -> this.foundExpiries.answerLost(command.resources().get(0)));
	}

	private Exchange<Attempt> sendOnce(AcquireCommand command, Sending sending) {
		return Exchange.begin(() -> {
			ScriptCall<Optional<AcquireReply>> common = (sending == Sending.FIRST)
					? this.commands.common().acquire(command) : null;
			return (common != null) ? sendCommonCase(command, common) : sendInFull(command, sending);
		});
	}

	private Exchange<Attempt> sendCommonCase(AcquireCommand command, ScriptCall<Optional<AcquireReply>> call) {
		long sent = this.ticker.getAsLong();
		return Exchange.sendOnce(call)
			.then((reply) -> reply.isPresent() ? Exchange.of(new Attempt(reply.get(), Sending.FIRST, sent))
					: sendInFull(command, Sending.FIRST));
	}

	private Exchange<Attempt> sendInFull(AcquireCommand command, Sending sending) {
		long sent = this.ticker.getAsLong();
		return Exchange.sendOnce(this.commands.acquire(command, sending, this.foundExpiries.claimer(), this.ackTimeout))
			.map((reply) -> new Attempt(reply, sending, sent));
	}

	/**
	 * Releases what was granted to a caller that did not receive the reply, and makes
	 * sure that nothing is granted any more. A grant that was entered again stays: the
	 * locker has it by an earlier attempt.
	 */
	private void undo(AcquireCommand command) {
		Attempt attempt = this.scripts.run(sendInFull(command, Sending.CHECK));
		settle(command, attempt);
		if (attempt.reply() instanceof AcquireReply.Granted granted) {
			this.foundExpiries.handOver(granted.expired(), attempt.sent());
			publish(granted, command.locker(), command.options().note());
			this.releases.releaseLater(OwnedLock.byFences(granted.grants()), command.ttl());
		}
	}

	private void settle(AcquireCommand command, Attempt attempt) {
		if (attempt.sending() == Sending.FIRST) {
			this.operations.end(command.attempt());
			this.ownEvents.end(command.attempt().id());
			return;
		}
		List<LockyEvent> published = (attempt.reply() instanceof AcquireReply.Granted granted)
				? events(granted, command.locker(), command.options().note()) : List.of();
		this.operations.endLater(command.attempt());
		this.ownEvents.end(command.attempt().id(), published);
	}

	private void giveUp(AcquireCommand command) {
		this.operations.endLater(command.attempt());
		this.ownEvents.endUnknown(command.attempt().id());
	}

	/**
	 * Publishes grants. Where there is a handle, its renewal must have begun: a listener
	 * may take longer than a lease.
	 * @param granted the reply to the attempt
	 * @param locker the locker that holds the locks
	 * @param note the note of the request, or empty
	 */
	void publish(AcquireReply.Granted granted, String locker, String note) {
		events(granted, locker, note).forEach(this.events::publish);
	}

	private List<LockyEvent> events(AcquireReply.Granted granted, String locker, String note) {
		List<LockyEvent> events = new ArrayList<>(granted.grants().size());
		for (Grant grant : granted.grants()) {
			if (!grant.reentered()) {
				events.add(event(grant, locker, note));
			}
		}
		return events;
	}

	private LockyEvent event(Grant grant, String locker, String note) {
		return (grant.previousLocker() != null)
				? new LockTakenOverEvent(this, grant.resource(), locker, grant.fence(), grant.since(),
						grant.previousLocker(), grant.previousFence(), ScriptValues.text(note), null)
				: new LockAcquiredEvent(this, grant.resource(), locker, grant.fence(), grant.since());
	}

	/**
	 * An attempt and its reply.
	 *
	 * @param reply the reply of Redis
	 * @param sending which sending was answered
	 * @param sent when the attempt that was answered was sent, by the clock of the
	 * handles: a lease that is counted from there never ends later here than in Redis
	 */
	record Attempt(AcquireReply reply, Sending sending, long sent) {

	}

}
