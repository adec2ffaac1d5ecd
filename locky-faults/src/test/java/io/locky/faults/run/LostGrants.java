package io.locky.faults.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import org.jspecify.annotations.Nullable;

/**
 * Grants whose answer got lost. The attempt was sent again when such a grant had ended,
 * and got another answer or none; only events show the first grant. Fences are times,
 * which say during which attempt it was.
 */
final class LostGrants {

	private final List<Call> attempts;

	private final Set<Object> answered = new HashSet<>();

	/** How far the microseconds of Redis are ahead of the monotonic clock, at least. */
	private long ahead = Long.MIN_VALUE;

	private LostGrants(List<Entry> history) {
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
	 * Finds the first sendings of attempts that were sent again.
	 * @param history all that was called and seen
	 * @return calls that have the grants which only events show
	 */
	static List<Call> of(List<Entry> history) {
		LostGrants grants = new LostGrants(history);
		List<Call> found = new ArrayList<>();
		for (Entry entry : history) {
			if (entry instanceof Seen seen && (seen.type() == Type.ACQUIRED || seen.type() == Type.TAKEN_OVER)
					&& grants.answered.add(List.of(seen.resource(), Fences.of(seen)))) {
				Call attempt = grants.attemptOf(seen);
				if (attempt != null) {
					found.add(sending(attempt, Fences.of(seen)));
				}
				if (attempt != null && attempt.answer().kind() == Kind.UNKNOWN) {
					found.add(release(attempt, Fences.of(seen)));
				}
			}
		}
		return found;
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

	/** Locky releases what it granted to a caller that got an exception. */
	private static Call release(Call attempt, long fence) {
		return new Call(attempt.process(), Operation.RELEASE, attempt.resource(), attempt.locker(), fence, 0,
				Answer.UNKNOWN, attempt.calledNanos(), attempt.calledNanos());
	}

}
