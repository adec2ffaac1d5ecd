package io.locky.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.springframework.boot.SpringBootVersion;

/**
 * The table of the page on compatibility: a row for each kind of application and driver,
 * a column for each version of Spring Boot and JDK.
 */
final class Matrix {

	private static final Path PAGE = Path.of("../../docs/compatibility.md");

	private static final String HEAD = "| application | driver |";

	private static final Set<Integer> JDKS = Set.of(17, 25);

	private static final String PASSED = "passed";

	private final List<String> before;

	private final List<String> after;

	private final Set<String> columns = new TreeSet<>();

	/** The columns that have passed, by the first two cells of the row. */
	private final Map<String, Set<String>> rows = new TreeMap<>(
			Comparator.comparing((String key) -> key.replace('|', ' ')));

	private Matrix(List<String> lines) {
		int head = (int) lines.stream().takeWhile((line) -> !line.startsWith(HEAD)).count();
		List<String> table = lines.stream().skip(head).takeWhile((line) -> line.startsWith("|")).toList();
		this.before = lines.subList(0, head);
		this.after = lines.subList(head + table.size(), lines.size());
		List<String> names = cells(table.get(0));
		this.columns.addAll(names.subList(2, names.size()));
		for (String line : table.subList(2, table.size())) {
			List<String> cells = cells(line);
			Set<String> passed = this.rows.computeIfAbsent(key(cells.get(0), cells.get(1)), (key) -> new TreeSet<>());
			for (int i = 2; i < cells.size(); i++) {
				if (cells.get(i).equals(PASSED)) {
					passed.add(names.get(i));
				}
			}
		}
	}

	private static List<String> cells(String line) {
		return Arrays.stream(line.substring(1, line.length() - 1).split("\\|")).map(String::trim).toList();
	}

	static String key(String application, String driver) {
		return "| " + application + " | " + driver + " |";
	}

	static Matrix read() {
		try {
			return new Matrix(Files.readAllLines(PAGE));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Changes the page. Others may do the same in other processes.
	 * @param change what to change
	 */
	static void update(Consumer<Matrix> change) {
		try (FileChannel page = FileChannel.open(PAGE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			page.lock();
			Matrix matrix = new Matrix(Files.readAllLines(PAGE));
			change.accept(matrix);
			page.truncate(0);
			Channels.newOutputStream(page).write(matrix.text().getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The page says nothing of other JDKs.
	 * @return whether this one is in the page
	 */
	static boolean isDocumentedJdk() {
		return JDKS.contains(Runtime.version().feature());
	}

	/**
	 * The column of this run.
	 * @return its name
	 */
	static String column() {
		return SpringBootVersion.getVersion() + ", JDK " + Runtime.version().feature();
	}

	Set<String> rows() {
		return this.rows.keySet();
	}

	boolean hasPassed(Row row) {
		return this.rows.getOrDefault(key(row), Set.of()).contains(column());
	}

	void pass(Row row) {
		String line = column().replaceFirst("\\.\\d+,.*", ".");
		String jdk = column().replaceFirst(".*,", ",");
		Set<String> outdated = new TreeSet<>(this.columns);
		outdated.removeIf((name) -> !name.startsWith(line) || !name.endsWith(jdk) || name.equals(column()));
		this.columns.removeAll(outdated);
		this.rows.values().forEach((passed) -> passed.removeAll(outdated));
		this.columns.add(column());
		this.rows.computeIfAbsent(key(row), (key) -> new TreeSet<>()).add(column());
	}

	/**
	 * Removes the rows that no test stands for.
	 * @param known the rows of the tests
	 */
	void retain(Set<String> known) {
		this.rows.keySet().retainAll(known);
	}

	static String key(Row row) {
		return key(row.application(), row.driver());
	}

	private String text() {
		List<String> lines = new ArrayList<>(this.before);
		lines.add(HEAD + " " + String.join(" | ", this.columns) + " |");
		lines.add("|---|---|" + "---|".repeat(this.columns.size()));
		this.rows.forEach((key, passed) -> {
			StringBuilder line = new StringBuilder(key);
			this.columns
				.forEach((column) -> line.append(' ').append(passed.contains(column) ? PASSED : "–").append(" |"));
			lines.add(line.toString());
		});
		lines.addAll(this.after);
		return String.join("\n", lines) + "\n";
	}

}
