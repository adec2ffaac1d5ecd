package io.locky.benchmark.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of results, as text for a terminal and as Markdown. Its first column is aligned
 * to the left, all others to the right.
 */
public final class Table {

	private final String name;

	private final List<String> columns;

	private final List<List<String>> rows = new ArrayList<>();

	/**
	 * Starts a table.
	 * @param name identifies the table in the documentation
	 * @param columns the headings
	 */
	public Table(String name, String... columns) {
		this.name = name;
		this.columns = List.of(columns);
	}

	public String name() {
		return this.name;
	}

	/**
	 * Adds a row.
	 * @param cells what it contains, as many as there are columns
	 */
	public void row(Object... cells) {
		if (cells.length != this.columns.size()) {
			throw new IllegalArgumentException(
					"%d cells for the %d columns of %s".formatted(cells.length, this.columns.size(), this.name));
		}
		this.rows.add(Arrays.stream(cells).map(String::valueOf).toList());
	}

	/**
	 * The table for a terminal.
	 * @return lines of equal width
	 */
	public String text() {
		int[] widths = IntStream.range(0, this.columns.size()).map(this::width).toArray();
		String head = line(this.columns, widths);
		return this.rows.stream()
			.map((row) -> line(row, widths))
			.collect(Collectors.joining("\n", head + "\n" + "-".repeat(head.length()) + "\n", "\n"));
	}

	private int width(int column) {
		return Math.max(this.columns.get(column).length(),
				this.rows.stream().mapToInt((row) -> row.get(column).length()).max().orElse(0));
	}

	private static String line(List<String> cells, int[] widths) {
		return IntStream.range(0, widths.length)
			.mapToObj((i) -> ("%" + ((i == 0) ? "-" : "") + widths[i] + "s").formatted(cells.get(i)))
			.collect(Collectors.joining("  "));
	}

	/**
	 * The table for the documentation.
	 * @return lines of Markdown
	 */
	public String markdown() {
		String head = markdown(this.columns) + "|---" + "|--:".repeat(this.columns.size() - 1) + "|\n";
		return this.rows.stream().map(Table::markdown).collect(Collectors.joining("", head, ""));
	}

	private static String markdown(List<String> cells) {
		return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
	}

}
