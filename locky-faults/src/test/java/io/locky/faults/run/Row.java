package io.locky.faults.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A row of the table: a fault and what it did to applications.
 *
 * @param fault what was done
 * @param promise what must hold all the same
 * @param operations how many calls were made and checked
 * @param faults how many faults were injected
 * @param seed the seed of the run
 * @param violations what did not hold
 * @param counted what is no violation, and counted
 */
record Row(String fault, String promise, long operations, long faults, long seed, List<String> violations,
		String counted) {

	Row and(List<String> moreViolations, String moreCounted) {
		List<String> all = new ArrayList<>(this.violations);
		all.addAll(moreViolations);
		return new Row(this.fault, this.promise, this.operations, this.faults, this.seed, all,
				this.counted + "; " + moreCounted);
	}

	String markdown() {
		return "| %s | %s | %s | %s | %d | %s | %s | %d |".formatted(this.fault, this.promise, grouped(this.operations),
				grouped(this.faults), this.violations.size(), bound(), this.counted, this.seed);
	}

	/** The rule of three, if nothing was seen in that many operations. */
	private String bound() {
		return (this.violations.isEmpty() && this.operations > 0)
				? String.format(Locale.ROOT, "%.1e", 3.0 / this.operations) : "–";
	}

	static String grouped(long number) {
		return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
	}

}
