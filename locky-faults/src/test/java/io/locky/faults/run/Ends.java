package io.locky.faults.run;

import java.util.List;

/**
 * What applications report when their work has ended.
 *
 * @param calls how many calls they made
 * @param increments how often they incremented a counter
 */
record Ends(long calls, long increments) {

	/**
	 * Ends the work of applications.
	 * @param apps the applications
	 * @return the sums
	 */
	static Ends of(List<AppProcess> apps) {
		apps.forEach((app) -> app.send("end"));
		long calls = 0;
		long increments = 0;
		for (AppProcess app : apps) {
			String[] words = app.answer().split(" ", 4);
			calls += Long.parseLong(words[1]);
			increments += Long.parseLong(words[2]);
		}
		return new Ends(calls, increments);
	}

}
