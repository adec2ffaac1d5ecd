package io.locky.faults.check;

import java.util.Arrays;
import java.util.List;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import org.jspecify.annotations.Nullable;

/**
 * Short forms of the lines of a history on one resource. Times are in ms, leases are of
 * 100 ms, and each client is a process of its own.
 */
final class Histories {

	static final long TTL = 100;

	private Histories() {
	}

	static List<Kind> kinds(Assumptions assumptions, Entry... history) {
		return Checker.check(Arrays.asList(history), assumptions).stream().map(Violation::kind).toList();
	}

	static List<Kind> kinds(Entry... history) {
		return kinds(Assumptions.none().withTolerance(0), history);
	}

	static Call acquire(String client, long called, long answered, Answer answer) {
		return call(client, Operation.ACQUIRE, null, called, answered, answer);
	}

	static Call takeOver(String client, @Nullable Long expected, long called, long answered, Answer answer) {
		return call(client, Operation.TAKE_OVER, expected, called, answered, answer);
	}

	static Call refresh(String client, @Nullable Long fence, long called, long answered, Answer answer) {
		return call(client, Operation.REFRESH, fence, called, answered, answer);
	}

	static Call release(String client, @Nullable Long fence, long called, long answered, Answer answer) {
		return call(client, Operation.RELEASE, fence, called, answered, answer);
	}

	static Call find(long called, long answered, Answer answer) {
		return call("reader", Operation.FIND, null, called, answered, answer);
	}

	static Call save(long fence, long called, long answered) {
		return call("writer", Operation.SAVE, fence, called, answered, done());
	}

	static Call call(String client, Operation operation, @Nullable Long fence, long called, long answered,
			Answer answer) {
		boolean attempt = operation.compareTo(Operation.TAKE_OVER) <= 0;
		String locker = (operation == Operation.FIND || operation == Operation.SAVE) ? null : client;
		return new Call("p-" + client, operation, "a", locker, fence, attempt ? TTL : 0, answer, called * 1_000_000,
				answered * 1_000_000);
	}

	static Seen seen(String client, Type type, String locker, long fence, long at) {
		return new Seen("p-" + client, type, "a", locker, fence, false, at, at * 1_000_000);
	}

	static Seen seenRemote(String client, Type type, String locker, long fence, long at) {
		return new Seen("p-" + client, type, "a", locker, fence, true, at, at * 1_000_000);
	}

	static Answer granted(String locker, long fence) {
		return new Answer(Answer.Kind.GRANTED, locker, fence);
	}

	static Answer denied(@Nullable String locker, @Nullable Long fence) {
		return new Answer(Answer.Kind.DENIED, locker, fence);
	}

	static Answer held(String locker, long fence) {
		return new Answer(Answer.Kind.HELD, locker, fence);
	}

	static Answer free() {
		return new Answer(Answer.Kind.FREE, null, null);
	}

	static Answer done() {
		return new Answer(Answer.Kind.DONE, null, null);
	}

	static Answer refused() {
		return new Answer(Answer.Kind.REFUSED, null, null);
	}

}
