package io.locky.faults.run;

import java.util.List;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;

/**
 * What a history contains.
 *
 * @param grants calls that were granted
 * @param takeovers published takeovers
 * @param expiries published expiries
 * @param unknown calls without an answer
 * @param missed events that say that others may be missing
 * @param refused saves that came too late
 */
record Counts(long grants, long takeovers, long expiries, long unknown, long missed, long refused) {

	static Counts of(List<Entry> history, Store store) {
		return new Counts(calls(history, Kind.GRANTED), events(history, Type.TAKEN_OVER), events(history, Type.EXPIRED),
				calls(history, Kind.UNKNOWN),
				history.stream().filter((entry) -> entry instanceof Seen seen && seen.type() == Type.MISSED).count(),
				store.refused());
	}

	private static long calls(List<Entry> history, Kind kind) {
		return history.stream()
			.filter((entry) -> entry instanceof Call call && call.answer().kind() == kind
					&& call.operation() != Operation.SAVE)
			.count();
	}

	/** And not a note that a lock is renewed. */
	private static boolean isCall(Entry entry) {
		return entry instanceof Call call && call.answeredNanos() > call.calledNanos();
	}

	private static long events(List<Entry> history, Type type) {
		return history.stream()
			.filter((entry) -> entry instanceof Seen seen && seen.type() == type && !seen.remote())
			.count();
	}

	@Override
	public String toString() {
		String text = "%d grants, %d takeovers, %d expiries, %d stale saves refused".formatted(this.grants,
				this.takeovers, this.expiries, this.refused);
		return (this.unknown > 0) ? text + ", %d answers unknown".formatted(this.unknown) : text;
	}

}
