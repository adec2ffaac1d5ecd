package io.locky.benchmark.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.DoubleStream;

/**
 * Measured values of one kind, sorted.
 */
public final class Samples {

	private final double[] sorted;

	private Samples(DoubleStream values) {
		this.sorted = values.sorted().toArray();
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

	public int size() {
		return this.sorted.length;
	}

}
