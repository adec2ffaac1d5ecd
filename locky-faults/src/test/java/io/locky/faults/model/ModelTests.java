package io.locky.faults.model;

import java.util.List;

import io.locky.faults.model.Explorer.Result;
import io.locky.faults.model.Protocol.Bounds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No state of the protocol breaks a promise, and each mistake is found.
 */
class ModelTests {

	/** One fault of each kind, alone. */
	private static final List<Bounds> QUICK = List.of(new Bounds(2, 2, 0, 0, 0, 0), new Bounds(2, 2, 1, 0, 0, 0),
			new Bounds(2, 2, 0, 1, 0, 0), new Bounds(2, 2, 0, 0, 1, 0), new Bounds(2, 2, 0, 0, 0, 1));

	/** Several faults in one run, and more grants. */
	private static final List<Bounds> FULL = List.of(new Bounds(2, 2, 2, 0, 0, 0), new Bounds(2, 2, 1, 1, 0, 0),
			new Bounds(2, 2, 1, 0, 1, 0), new Bounds(2, 2, 1, 0, 0, 1), new Bounds(3, 3, 0, 0, 1, 0));

	/** All faults: far more states, of which a mistake needs the first ones only. */
	private static final Bounds ALL = new Bounds(2, 2, 2, 1, 1, 1);

	@Test
	void protocolKeepsItsPromises() {
		QUICK.forEach((bounds) -> assertRight(explore(bounds, null)));
	}

	@Test
	@Tag("faults")
	void protocolKeepsItsPromisesUnderSeveralFaults() {
		FULL.forEach((bounds) -> assertRight(explore(bounds, null)));
	}

	@Test
	void eachMistakeIsFound() {
		for (Bug bug : Bug.values()) {
			Result simple = explore(QUICK.get(0), bug);
			Result result = (simple.broken() != null) ? simple : explore(ALL, bug);
			assertThat(result.broken()).as(() -> bug + ":\n" + String.join("\n", result.trace()))
				.isEqualTo(bug.breaks());
		}
	}

	private static Result explore(Bounds bounds, @Nullable Bug bug) {
		Protocol protocol = new Protocol(bounds, bug);
		long start = System.nanoTime();
		Result result = new Explorer<>(protocol.first(), protocol::steps, State::key, protocol::broken).explore();
		System.out.printf("%s, %s: %d states, %d steps, depth %d, %s, %d ms%n", bounds, (bug != null) ? bug : "no bug",
				result.states(), result.steps(), result.trace().size(),
				(result.broken() != null) ? result.broken() : "right", (System.nanoTime() - start) / 1_000_000);
		return result;
	}

	private static void assertRight(Result result) {
		assertThat(result.broken()).as(() -> String.join("\n", result.trace())).isNull();
	}

}
