package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.locky.event.LockOfferedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.event.OwnEvents;
import io.locky.internal.lock.Operations.Operation;
import io.locky.internal.lock.Operations.Sending;
import io.locky.internal.lock.Successors.HandOver;
import io.locky.internal.redis.Exchange;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Releases locks, each at most once and never those of a later grant, and publishes
 * exactly what was released.
 * <p>
 * If an answer gets lost, Redis is asked for it: it keeps the answers of the last
 * operations. A release by fence that has not run is sent again. Any other release might
 * end a grant that was made meanwhile, so it is kept from running. If that question
 * remains unanswered, too, the caller gets an exception, and a thread of Locky goes on.
 */
final class Releases {

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final Operations operations;

	private final Successors waiters;

	private final LockyEventPublisher events;

	private final OwnEvents ownEvents;

	private final CleanUp cleanUp;

	Releases(ScriptRunner scripts, LockCommands commands, Operations operations, Successors waiters,
			LockyEventPublisher events, OwnEvents ownEvents, CleanUp cleanUp) {
		this.scripts = scripts;
		this.commands = commands;
		this.operations = operations;
		this.waiters = waiters;
		this.events = events;
		this.ownEvents = ownEvents;
		this.cleanUp = cleanUp;
	}

	/**
	 * Releases locks, and publishes that.
	 * @param locks the locks, of one partition
	 * @return how many were held by their owners
	 */
	Exchange<Integer> release(List<OwnedLock> locks) {
		Release release = begin(locks, true);
		return sendAndFinish(release, Sending.FIRST).onFailure((failure) -> {
			if (!Operations.isUnanswered(failure)) {
				this.operations.end(release.operation());
				this.ownEvents.end(release.operation().id());
				throw failure;
			}
			return afterLostReply(release, failure);
		});
	}

	private Exchange<Integer> afterLostReply(Release release, RuntimeException loss) {
		List<String> resources = release.locks().stream().map(OwnedLock::resource).toList();
		Sending next = release.isByFence() ? Sending.AGAIN : Sending.CHECK;
		return send(release, next).onFailure((failure) -> {
			loss.addSuppressed(failure);
			finishLater(release, next, null);
			throw new DataAccessResourceFailureException(
					"Redis did not answer the release of %s, and it is unknown whether it was released"
						.formatted(resources) + (release.isByFence() ? ": Locky releases it once Redis answers" : ""),
					loss);
		}).map((reply) -> {
			int released = finish(release, reply, next);
			if (reply.isEmpty()) {
				throw new TransientDataAccessResourceException(
						"The connection was lost before the release of %s reached Redis: nothing was released, try again"
							.formatted(resources),
						loss);
			}
			return released;
		});
	}

	/**
	 * Releases grants on a thread of Locky, which tries until their leases have ended.
	 * @param locks the locks by fence, of one partition
	 * @param lease the rest of the leases, or {@code null} if they do not end
	 */
	void releaseLater(List<OwnedLock> locks, @Nullable Duration lease) {
		finishLater(begin(locks, true), Sending.AGAIN, lease);
	}

	/**
	 * Releases grants that were not published. If that fails, a thread of Locky tries
	 * again.
	 * @param locks the locks by fence, of one partition
	 * @param lease the rest of the leases, or {@code null} if they do not end
	 * @throws RuntimeException if they could not be released now
	 */
	void releaseUnpublished(List<OwnedLock> locks, @Nullable Duration lease) {
		Release release = begin(locks, false);
		try {
			this.scripts.run(sendAndFinish(release, Sending.FIRST));
		}
		catch (RuntimeException ex) {
			finishLater(release, Sending.AGAIN, lease);
			throw ex;
		}
	}

	private void finishLater(Release release, Sending sending, @Nullable Duration lease) {
		this.cleanUp.run(lease, () -> this.scripts.run(sendAndFinish(release, sending)), () -> {
			this.operations.endLater(release.operation());
			this.ownEvents.endUnknown(release.operation().id());
		});
	}

	private Release begin(List<OwnedLock> locks, boolean published) {
		Operation operation = this.operations.begin();
		this.ownEvents.begin(operation.id());
		return new Release(locks, operation, published);
	}

	private Exchange<Integer> sendAndFinish(Release release, Sending sending) {
		return send(release, sending).map((reply) -> finish(release, reply, sending));
	}

	private Exchange<Optional<List<ReleaseReply>>> send(Release release, Sending sending) {
		return Exchange.begin(() -> {
			ScriptCall<Optional<ReleaseReply>> common = (sending == Sending.FIRST)
					? this.commands.common().release(release.locks(), release.operation()) : null;
			return (common != null) ? sendCommonCase(release, common) : sendInFull(release, sending);
		});
	}

	private Exchange<Optional<List<ReleaseReply>>> sendCommonCase(Release release,
			ScriptCall<Optional<ReleaseReply>> call) {
		HandOver handOver = this.waiters.handOver(release.locks().get(0).resource());
		return Exchange.sendOnce((handOver != null) ? call.whenSent(handOver::releasing) : call).then((reply) -> {
			ReleaseReply lock = reply.orElse(null);
			if (handOver != null) {
				handOver.released((lock != null) ? lock.turn() : null);
			}
			else if (lock != null && lock.turn() != null) {
				this.waiters.turn(lock.turn(), lock.resource());
			}
			return (lock != null) ? Exchange.of(Optional.of(List.of(lock))) : sendInFull(release, Sending.FIRST);
		});
	}

	private Exchange<Optional<List<ReleaseReply>>> sendInFull(Release release, Sending sending) {
		return Exchange.sendOnce(this.commands.release(release.locks(), release.operation(), sending));
	}

	private int finish(Release release, Optional<List<ReleaseReply>> reply, Sending sending) {
		int released = reply.orElse(List.of()).size();
		List<LockyEvent> events = events(release, reply.orElse(List.of()));
		String id = release.operation().id();
		if (sending == Sending.FIRST) {
			this.operations.end(release.operation());
		}
		else {
			this.operations.endLater(release.operation());
		}
		if (!release.published()) {
			this.ownEvents.endUnknown(id);
			events.stream().filter(LockOfferedEvent.class::isInstance).forEach(this.events::publish);
			return released;
		}
		if (sending == Sending.FIRST) {
			this.ownEvents.end(id);
		}
		else {
			this.ownEvents.end(id, events);
		}
		events.forEach(this.events::publish);
		return released;
	}

	private List<LockyEvent> events(Release release, List<ReleaseReply> locks) {
		List<LockyEvent> events = new ArrayList<>(locks.size());
		for (ReleaseReply lock : locks) {
			events.add(new LockReleasedEvent(this, lock.resource(), lock.locker(), lock.fence(), lock.releasedAt(),
					release.isForced(lock.resource()), null));
			if (lock.offer() != null) {
				events.add(new LockOfferedEvent(this, lock.resource(), lock.offer().locker(), lock.releasedAt(),
						lock.offer().until()));
			}
		}
		return events;
	}

	/**
	 * A release.
	 *
	 * @param locks the locks, of one partition
	 * @param operation its operation
	 * @param published whether what was released is published
	 */
	private record Release(List<OwnedLock> locks, Operation operation, boolean published) {

		boolean isForced(String resource) {
			return this.locks.contains(OwnedLock.byAnyone(resource));
		}

		/** Only then it does not matter when it runs. */
		boolean isByFence() {
			return this.locks.stream().noneMatch((lock) -> lock.fence().isEmpty());
		}

	}

}
