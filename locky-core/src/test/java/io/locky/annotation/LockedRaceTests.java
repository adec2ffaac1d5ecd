package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many calls that lock overlapping resources.
 */
class LockedRaceTests extends AnnotationFixture {

	private static final int CALLS = 50;

	/**
	 * Two calls that acquire the same pair in opposite order would wait for each other
	 * until they time out; two that run at once would lose a count.
	 */
	@Test
	void overlappingPairsExcludeEachOtherWithoutDeadlock() {
		this.application.withBean(Counters.class).run((context) -> {
			Counters counters = context.getBean(Counters.class);
			List<CompletableFuture<Void>> callers = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				callers.add(CompletableFuture.runAsync(() -> count(counters), (task) -> new Thread(task).start()));
			}
			callers.forEach(CompletableFuture::join);
			assertThat(counters.total()).isEqualTo(2 * 4 * CALLS);
		});
	}

	private static void count(Counters counters) {
		for (int i = 0; i < CALLS; i++) {
			int from = ThreadLocalRandom.current().nextInt(3);
			counters.count(from, (from + 1 + ThreadLocalRandom.current().nextInt(2)) % 3);
		}
	}

	static class Counters {

		private final int[] values = new int[3];

		@Locked(value = { "counter:#one", "counter:#other" }, waitFor = "20s")
		void count(int one, int other) {
			int first = this.values[one];
			int second = this.values[other];
			Thread.yield();
			this.values[one] = first + 1;
			this.values[other] = second + 1;
		}

		@Locked({ "counter:0", "counter:1", "counter:2" })
		int total() {
			return this.values[0] + this.values[1] + this.values[2];
		}

	}

}
