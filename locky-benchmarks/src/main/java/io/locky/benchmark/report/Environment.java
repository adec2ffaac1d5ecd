package io.locky.benchmark.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

import io.locky.benchmark.library.Library;
import io.locky.benchmark.redis.BenchmarkRedis;

/**
 * When, where, with what and how something was measured: figures mean little without it.
 *
 * @param date the day
 * @param machine the processors, and how busy they were before
 * @param versions what was measured
 * @param command how to measure it again
 */
public record Environment(LocalDate date, String machine, String versions, String command) {

	/**
	 * Describes this machine now.
	 * @param command the command that was given
	 * @return the description
	 */
	public static Environment current(String command) {
		String machine = "%d cores (%s), load %.1f before".formatted(Runtime.getRuntime().availableProcessors(),
				processor(), ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
		String versions = "Java %d, Redis %s, %s".formatted(Runtime.version().feature(), BenchmarkRedis.version(),
				Library.versions());
		return new Environment(LocalDate.now(), machine, versions, command);
	}

	private static String processor() {
		try {
			return Files.readAllLines(Path.of("/proc/cpuinfo"))
				.stream()
				.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 2))
				.findFirst()
				.orElse("unknown");
		}
		catch (IOException ex) {
			return System.getProperty("os.arch");
		}
	}

	/**
	 * The head of a run on a terminal.
	 * @return lines of text
	 */
	public String text() {
		return "%s, %s%n%s%n%s%n".formatted(this.date, this.machine, this.versions, this.command);
	}

	/**
	 * What stands below a table.
	 * @return a line of Markdown
	 */
	public String markdown() {
		return "*Measured on %s, %s, with `%s`.*%n".formatted(this.date, this.machine, this.command);
	}

}
