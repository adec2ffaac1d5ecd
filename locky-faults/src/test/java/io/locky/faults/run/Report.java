package io.locky.faults.run;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Prints rows, and writes them into the page if {@code -Dlocky.faults.write=true} is set.
 */
final class Report {

	private static final Path PAGE = Path.of("..", "docs", "reliability.md");

	private static final String END = "<!-- /rows -->";

	private Report() {
	}

	/**
	 * Publishes a row, and fails if it has violations.
	 * @param row the row of a full run
	 */
	static void full(Row row) {
		System.out.println(row.markdown());
		if (Boolean.getBoolean("locky.faults.write")) {
			write(row);
		}
		verify(row);
	}

	/**
	 * Prints a row, and fails if it has violations.
	 * @param row the row of a short run
	 */
	static void quick(Row row) {
		System.out.println("In short: " + row.markdown());
		verify(row);
	}

	private static void verify(Row row) {
		row.violations().stream().limit(30).forEach((violation) -> System.out.println("  " + violation));
		assertThat(row.violations()).as("seed %d", row.seed()).isEmpty();
	}

	/** Another JVM may write its row at the same time. */
	private static void write(Row row) {
		try (RandomAccessFile file = new RandomAccessFile(PAGE.toFile(), "rw");
				FileLock lock = file.getChannel().lock()) {
			byte[] bytes = new byte[(int) file.length()];
			file.readFully(bytes);
			byte[] changed = replaced(new String(bytes, StandardCharsets.UTF_8), row).getBytes(StandardCharsets.UTF_8);
			file.seek(0);
			file.write(changed);
			file.setLength(changed.length);
			lock.release();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The row takes the place of that of the same fault, or comes last. */
	private static String replaced(String page, Row row) {
		List<String> lines = new ArrayList<>(page.lines().toList());
		String start = "| " + row.fault() + " |";
		boolean known = lines.stream().anyMatch((line) -> line.startsWith(start));
		if (known) {
			lines.replaceAll((line) -> line.startsWith(start) ? row.markdown() : line);
		}
		else {
			lines.add(lines.indexOf(END), row.markdown());
		}
		return String.join("\n", lines) + "\n";
	}

}
