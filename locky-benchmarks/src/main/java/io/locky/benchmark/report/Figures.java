package io.locky.benchmark.report;

import java.util.Locale;

/**
 * Numbers as they are printed: three or four significant digits, thousands apart.
 */
public final class Figures {

	private Figures() {
	}

	/**
	 * Formats a number.
	 * @param value the number
	 * @return its text
	 */
	public static String of(double value) {
		if (Math.abs(value) >= 10_000) {
			double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(value))) - 2);
			return whole(Math.round(value / unit) * unit);
		}
		if (Math.abs(value) >= 100) {
			return whole(value);
		}
		return String.format(Locale.ROOT, (Math.abs(value) >= 10) ? "%.1f" : "%.2f", value);
	}

	private static String whole(double value) {
		return String.format(Locale.ROOT, "%,.0f", value).replace(',', '\u00a0');
	}

	/**
	 * Formats the median, and the lowest and highest value.
	 * @param samples the values
	 * @return their text
	 */
	public static String withSpread(Samples samples) {
		return "%s (%s–%s)".formatted(of(samples.median()), of(samples.min()), of(samples.max()));
	}

	/**
	 * Formats how many times larger values are than others of the same rounds.
	 * @param samples the values
	 * @param base the others
	 * @return the median of the ratios, and the lowest and highest of them
	 */
	public static String ratio(Samples samples, Samples base) {
		return withSpread(samples.dividedBy(base));
	}

}
