package io.locky.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The calls that processes had under way when they died. A process may write each call
 * twice: when it begins, with an unknown answer and the time of the answer 0, and when it
 * ends. Then those that only began are known. For other processes, any call by each of
 * their lockers may have been under way.
 */
final class UnfinishedCalls {

	private final List<Call> finished = new ArrayList<>();

	/** Those that only began, and are known. */
	private final List<Call> begun = new ArrayList<>();

	private final Set<Guess> guesses = new LinkedHashSet<>();

	private final Map<String, Long> ends = new HashMap<>();

	UnfinishedCalls(List<Entry> history, Set<String> died) {
		Set<Begin> ended = new HashSet<>();
		Set<String> exact = new HashSet<>();
		List<Call> begins = new ArrayList<>();
		for (Entry entry : history) {
			if (entry instanceof Call call && call.answeredNanos() == 0) {
				exact.add(call.process());
				begins.add(call);
			}
			else if (entry instanceof Call call) {
				ended.add(Begin.of(call));
				this.finished.add(call);
				this.ends.merge(call.process(), call.answeredNanos(), Math::max);
			}
		}
		begins.stream().filter((call) -> !ended.contains(Begin.of(call))).forEach(this.begun::add);
		this.finished.stream()
			.filter((call) -> died.contains(call.process()) && !exact.contains(call.process()))
			.filter((call) -> call.locker() != null && ResourceHistory.isAttempt(call))
			.forEach((call) -> this.guesses.add(Guess.of(call)));
	}

	List<Call> finished() {
		return this.finished;
	}

	List<Call> begun() {
		return this.begun;
	}

	/** Calls that may have been under way on a resource. */
	List<Call> guesses(String resource) {
		List<Call> calls = new ArrayList<>();
		for (Guess guess : this.guesses) {
			for (Operation operation : List.of(guess.operation(), Operation.REFRESH, Operation.RELEASE)) {
				long ttl = (operation == guess.operation()) ? guess.ttlMillis() : 0;
				calls.add(new Call(guess.process(), operation, resource, guess.locker(), null, ttl, Answer.UNKNOWN,
						Objects.requireNonNullElse(this.ends.get(guess.process()), 0L), 0));
			}
		}
		return calls;
	}

	private record Guess(String process, Operation operation, String locker, long ttlMillis) {

		static Guess of(Call call) {
			return new Guess(call.process(), call.operation(), String.valueOf(call.locker()), call.ttlMillis());
		}

	}

	private record Begin(String process, Operation operation, String resource, @Nullable String locker,
			@Nullable Long fence, long calledNanos) {

		static Begin of(Call call) {
			return new Begin(call.process(), call.operation(), call.resource(), call.locker(), call.fence(),
					call.calledNanos());
		}

	}

}
