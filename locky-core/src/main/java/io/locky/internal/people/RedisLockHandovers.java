package io.locky.internal.people;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.locky.InvalidLockValueException;
import io.locky.LockAttempt;
import io.locky.LockAttempt.Acquired;
import io.locky.LockNames;
import io.locky.LockRequest;
import io.locky.event.HandoverAnsweredEvent;
import io.locky.event.HandoverAnsweredEvent.Decision;
import io.locky.event.HandoverRequestedEvent;
import io.locky.event.HandoverWithdrawnEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.people.HandoverCommands.Answered;
import io.locky.internal.people.HandoverCommands.Asked;
import io.locky.internal.people.HandoverCommands.ClaimReply;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.RandomId;
import io.locky.internal.redis.ScriptRunner;
import io.locky.people.HandoverAnswer;
import io.locky.people.HandoverAnswer.Later;
import io.locky.people.HandoverAnswer.No;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.LockHandovers;
import org.jspecify.annotations.Nullable;

/**
 * The requests to holders of locks, in Redis.
 * <p>
 * A lock changes hands in two scripts. The first gives one request the right to take it,
 * and from then on all answers are refused. The second is a takeover from exactly the
 * grant that was asked, with the id of the request as the id of the client: sent again by
 * anyone, it finds the same grant. Until the second, the holder holds the lock. If an
 * instance ends between them, the asker claims what it has a right to.
 */
final class RedisLockHandovers implements LockHandovers {

	private static final int LONGEST_TEXT = 256;

	private static final Duration SHORTEST_SILENCE = Duration.ofMillis(1);

	private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofDays(1);

	private final ScriptRunner scripts;

	private final HandoverCommands commands;

	private final LockyEventPublisher events;

	private final Function<LockRequest, LockAttempt> locks;

	/**
	 * Creates it.
	 * @param scripts runs scripts
	 * @param keys the names of the keys
	 * @param events publishes events
	 * @param locks acquires locks
	 */
	RedisLockHandovers(ScriptRunner scripts, LockyKeys keys, LockyEventPublisher events,
			Function<LockRequest, LockAttempt> locks) {
		this.scripts = scripts;
		this.commands = new HandoverCommands(keys);
		this.events = events;
		this.locks = locks;
	}

	@Override
	public Optional<HandoverRequest> ask(Object resource, Object locker, String note, @Nullable Duration silence) {
		if (silence != null) {
			require(silence, SHORTEST_SILENCE, "silence");
		}
		Optional<Asked> asked = this.scripts.run(this.commands.ask(LockNames.resource(resource),
				LockNames.locker(locker), text(note, "note"), silence, RandomId.next()));
		asked.filter(Asked::changed).ifPresent((change) -> {
			HandoverRequest request = change.request();
			this.events.publish(new HandoverRequestedEvent(this, request.resource(), change.holder(), change.fence(),
					change.at(), request.id(), request.locker(), request.note(), request.askedAt(),
					request.claimableAt(), null));
		});
		return asked.map(Asked::request);
	}

	@Override
	public List<HandoverRequest> requests(Object resource) {
		return this.scripts.run(this.commands.requests(LockNames.resource(resource)));
	}

	@Override
	public Optional<HandoverRequest> answer(Object resource, Object holder, long fence, String request,
			HandoverAnswer answer) {
		String locker = LockNames.locker(holder);
		Optional<Answered> answered = this.scripts.run(this.commands.answer(LockNames.resource(resource), locker, fence,
				request, checked(answer), RandomId.next()));
		return answered.flatMap((given) -> {
			Optional<HandoverRequest> result = (answer instanceof Now) ? handOver(given) : Optional.of(given.request());
			if (given.changed() && result.isPresent()) {
				publish(given, locker, fence);
			}
			return result;
		});
	}

	/** A request that has the lock is left alone: its lease shall not begin again. */
	private Optional<HandoverRequest> handOver(Answered given) {
		HandoverRequest request = given.request();
		if (request.granted() != null) {
			return Optional.of(request);
		}
		LockRequest attempt = LockRequest.of(request.resource()).by(request.locker());
		attempt = (given.ttl() != null) ? attempt.ttl(given.ttl()) : attempt;
		attempt = (given.maxHold() != null) ? attempt.maxHold(given.maxHold()) : attempt;
		return (take(attempt, request.id(), request.fence()) instanceof Acquired acquired) ? Optional
			.of(new HandoverRequest(request.id(), request.resource(), request.locker(), request.note(), request.fence(),
					request.askedAt(), request.answer(), request.claimableAt(), acquired.handle().fence()))
				: Optional.empty();
	}

	private LockAttempt take(LockRequest attempt, String request, long fence) {
		return this.locks.apply(attempt.client(request).takeOverFrom(fence));
	}

	private void publish(Answered given, String holder, long fence) {
		HandoverRequest request = given.request();
		HandoverAnswer answer = request.answer();
		Decision decision = (answer instanceof Now) ? Decision.NOW
				: (answer instanceof Later) ? Decision.LATER : Decision.NO;
		String reason = (answer instanceof No no && !no.reason().isEmpty()) ? no.reason() : null;
		this.events.publish(new HandoverAnsweredEvent(this, request.resource(), holder, fence, given.at(), request.id(),
				request.locker(), request.note(), request.askedAt(), request.claimableAt(), decision, reason, null));
	}

	@Override
	public LockAttempt claim(LockRequest attempt, String request) {
		ClaimReply reply = this.scripts
			.run(this.commands.claim(attempt.resource(), attempt.locker(), request, RandomId.next()));
		return (reply.fence() > 0) ? take(attempt, request, reply.fence()) : new LockAttempt.Denied(reply.lock());
	}

	/** Once only: sent again, it would find nothing to withdraw. */
	@Override
	public boolean withdraw(Object resource, Object locker, String request) {
		Optional<Asked> withdrawn = this.scripts
			.runOnce(this.commands.withdraw(LockNames.resource(resource), LockNames.locker(locker), request));
		withdrawn.ifPresent((change) -> {
			HandoverRequest ended = change.request();
			this.events.publish(new HandoverWithdrawnEvent(this, ended.resource(), change.holder(), change.fence(),
					change.at(), request, ended.locker(), ended.note(), ended.askedAt(), ended.claimableAt(), null));
		});
		return withdrawn.isPresent();
	}

	private static HandoverAnswer checked(HandoverAnswer answer) {
		if (answer instanceof Later later) {
			require(later.after(), SHORTEST_DELAY, "after");
		}
		return (answer instanceof No no) ? new No(text(no.reason(), "reason")) : answer;
	}

	private static void require(Duration length, Duration shortest, String what) {
		if (length.compareTo(shortest) < 0 || length.compareTo(LONGEST) > 0) {
			throw new InvalidLockValueException(
					"'%s' must be from %s to %s, but is %s".formatted(what, shortest, LONGEST, length));
		}
	}

	private static String text(String text, String what) {
		if (text.length() > LONGEST_TEXT) {
			throw new InvalidLockValueException(
					"'%s' must have at most %d characters, but has %d".formatted(what, LONGEST_TEXT, text.length()));
		}
		if (text.chars().anyMatch(Character::isISOControl)) {
			throw new InvalidLockValueException(
					"'%s' must not have control characters such as a line break".formatted(what));
		}
		return text.isBlank() ? "" : text;
	}

}
