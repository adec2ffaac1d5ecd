package io.locky.benchmark.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Measured values of one kind, in the order of their rounds.
 */
public final class Samples {

	private final double[] values;

	private final double[] sorted;

	private Samples(DoubleStream values) {
		this.values = values.toArray();
		this.sorted = Arrays.stream(this.values).sorted().toArray();
		if (this.sorted.length == 0) {
			throw new IllegalArgumentException("Nothing was measured");
		}
	}

	/**
	 * Keeps values.
	 * @param values the values, at least one
	 * @return their samples
	 */
	public static Samples of(double... values) {
		return new Samples(Arrays.stream(values));
	}

	/**
	 * Keeps values.
	 * @param values the values, at least one
	 * @return their samples
	 */
	public static Samples of(Collection<? extends Number> values) {
		return new Samples(values.stream().mapToDouble(Number::doubleValue));
	}

	/**
	 * Compares each round with the same round of something else, so that a disturbance of
	 * both has no effect.
	 * @param base what to compare with, of as many rounds
	 * @return the ratios
	 */
	public Samples dividedBy(Samples base) {
		return new Samples(IntStream.range(0, this.values.length).mapToDouble((i) -> this.values[i] / base.values[i]));
	}

	public double median() {
		return percentile(50);
	}

	/**
	 * The value that a part of the samples does not exceed.
	 * @param percent how large the part is, more than 0 and up to 100
	 * @return the value
	 */
	public double percentile(double percent) {
		return this.sorted[(int) Math.ceil(this.sorted.length * percent / 100) - 1];
	}

	public double min() {
		return this.sorted[0];
	}

	public double max() {
		return this.sorted[this.sorted.length - 1];
	}

}
