package io.locky.faults.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import org.jspecify.annotations.Nullable;

/**
 * What applications sent to Redis beside the calls that have these answers.
 * <ul>
 * <li>If the answer to an attempt gets lost, it is sent again. If the grant has ended by
 * then, the attempt gets another answer, and only events show the first grant. Fences are
 * times, which say during which attempt it was. What it granted of several locks, one of
 * which has changed hands, is released.
 * <li>If the answer to a refresh gets lost, it is sent again, and may be refused then.
 * <li>A grant whose answer took longer than its lease is refreshed once.
 * </ul>
 */
final class HiddenSendings {

	private final List<Call> attempts;

	private final Set<Object> answered = new HashSet<>();

	/** How far the microseconds of Redis are ahead of the monotonic clock, at least. */
	private long ahead = Long.MIN_VALUE;

	private HiddenSendings(List<Entry> history) {
		this.attempts = history.stream()
			.filter((entry) -> entry instanceof Call call && Fleet.ATTEMPTS.contains(call.operation()))
			.map(Call.class::cast)
			.toList();
		for (Call call : this.attempts) {
			if (call.answer().kind() == Kind.GRANTED) {
				this.answered.add(List.of(call.resource(), Fences.of(call)));
				this.ahead = Math.max(this.ahead, Fences.of(call) - call.answeredNanos() / 1000);
			}
		}
	}

	/**
	 * Finds what was sent beside.
	 * @param history all that was called and seen
	 * @return calls to add to the history
	 */
	static List<Call> of(List<Entry> history) {
		List<Call> all = new ArrayList<>(lostGrants(history));
		for (Entry entry : history) {
			if (entry instanceof Call call && isRefreshedOnArrival(call)) {
				all.add(unknown(call, Operation.REFRESH, Fences.of(call)));
			}
			else if (entry instanceof Call call && call.operation() == Operation.REFRESH && call.fence() != null
					&& call.answer().kind() == Kind.REFUSED) {
				all.add(unknown(call, Operation.REFRESH, call.fence()));
			}
		}
		return all;
	}

	private static boolean isRefreshedOnArrival(Call call) {
		return call.answer().kind() == Kind.GRANTED
				&& call.answeredNanos() - call.calledNanos() >= TimeUnit.MILLISECONDS.toNanos(call.ttlMillis());
	}

	private static List<Call> lostGrants(List<Entry> history) {
		HiddenSendings grants = new HiddenSendings(history);
		return history.stream()
			.filter(HiddenSendings::isBegin)
			.flatMap((entry) -> grants.lostGrant((Seen) entry).stream())
			.toList();
	}

	private static boolean isBegin(Entry entry) {
		return entry instanceof Seen seen && (seen.type() == Type.ACQUIRED || seen.type() == Type.TAKEN_OVER);
	}

	private List<Call> lostGrant(Seen begin) {
		long fence = Fences.of(begin);
		Call attempt = this.answered.add(List.of(begin.resource(), fence)) ? attemptOf(begin) : null;
		if (attempt == null) {
			return List.of();
		}
		// Locky releases what it granted to a caller that got an exception, or less than
		// all.
		return (attempt.answer().kind() == Kind.UNKNOWN || attempt.answer().kind() == Kind.REFUSED)
				? List.of(sending(attempt, fence), unknown(attempt, Operation.RELEASE, fence))
				: List.of(sending(attempt, fence));
	}

	private @Nullable Call attemptOf(Seen begin) {
		long time = (Fences.of(begin) - this.ahead) * 1000;
		return this.attempts.stream()
			.filter((call) -> call.resource().equals(begin.resource()) && Objects.equals(call.locker(), begin.locker()))
			.filter((call) -> call.calledNanos() <= time && time <= call.answeredNanos())
			.findFirst()
			.orElse(null);
	}

	private static Call sending(Call attempt, long fence) {
		return new Call(attempt.process(), attempt.operation(), attempt.resource(), attempt.locker(), attempt.fence(),
				attempt.ttlMillis(), new Answer(Kind.GRANTED, attempt.locker(), fence), attempt.calledNanos(),
				attempt.answeredNanos());
	}

	private static Call unknown(Call call, Operation operation, long fence) {
		return new Call(call.process(), operation, call.resource(), call.locker(), fence, 0, Answer.UNKNOWN,
				call.calledNanos(), call.calledNanos());
	}

}
