package io.locky.benchmark.experiment;

import io.locky.benchmark.report.Report;

/**
 * Answers one question with figures.
 */
public interface Experiment {

	/**
	 * Measures, and reports the results.
	 * @param scale how much to measure
	 * @param report receives tables and plots
	 * @throws Exception if anything fails
	 */
	void run(Scale scale, Report report) throws Exception;

}
