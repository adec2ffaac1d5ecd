package io.locky.benchmark.experiment;

/**
 * How much is measured: once and tiny, so that the tests see that the benchmarks work; in
 * three minutes; or thoroughly.
 */
public enum Scale {

	SMOKE, QUICK, FULL;

	/**
	 * Picks a value for this scale.
	 * @param <T> the type of the value
	 * @param smoke that of the test
	 * @param quick that of the quick run
	 * @param full that of the full run
	 * @return one of them
	 */
	public <T> T pick(T smoke, T quick, T full) {
		return switch (this) {
			case SMOKE -> smoke;
			case QUICK -> quick;
			case FULL -> full;
		};
	}

	/**
	 * How often everything is measured. The libraries take turns, so that other work of
	 * the machine affects all of them.
	 * @return the number of rounds
	 */
	public int rounds() {
		return pick(1, 5, 3);
	}

}
