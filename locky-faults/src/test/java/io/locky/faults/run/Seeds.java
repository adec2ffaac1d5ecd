package io.locky.faults.run;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The seed of a run: a new one each time, or that of {@code -Dlocky.faults.seed}.
 */
final class Seeds {

	private Seeds() {
	}

	static long next() {
		return Long.getLong("locky.faults.seed", ThreadLocalRandom.current().nextInt(1_000_000));
	}

}
