package io.locky.benchmark.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prints results as they come, and puts them into the documentation in the end.
 */
public final class Report {

	private final PrintStream out;

	private final Map<String, String> parts = new LinkedHashMap<>();

	private final Map<String, String> pictures = new LinkedHashMap<>();

	/**
	 * Starts a report.
	 * @param out where results are printed
	 */
	public Report(PrintStream out) {
		this.out = out;
	}

	/**
	 * Prints a line that is not part of the documentation.
	 * @param text the line
	 */
	public void say(String text) {
		this.out.println(text);
	}

	/**
	 * Adds a table.
	 * @param table the table
	 */
	public void add(Table table) {
		this.out.println(table.text());
		this.parts.put(table.name(), table.markdown());
	}

	/**
	 * Adds a plot.
	 * @param plot the plot
	 */
	public void add(Plot plot) {
		this.pictures.put(plot.name(), plot.svg());
	}

	/**
	 * Replaces what stands between {@code <!-- name -->} and {@code <!-- end -->} in a
	 * page by the table of that name, and writes the plots beside it.
	 * @param page a Markdown file
	 * @param how a sentence about when, where and how was measured
	 * @throws IOException if a file cannot be read or written
	 */
	public void writeTo(Path page, String how) throws IOException {
		String text = Files.readString(page);
		for (Map.Entry<String, String> part : this.parts.entrySet()) {
			String start = "<!-- %s -->\n".formatted(part.getKey());
			int from = text.indexOf(start) + start.length();
			int to = text.indexOf("<!-- end -->", from);
			if (from < start.length() || to < 0) {
				throw new IOException("%s has no place for the table %s".formatted(page, part.getKey()));
			}
			text = text.substring(0, from) + part.getValue() + "\n" + how + "\n" + text.substring(to);
		}
		Files.writeString(page, text);
		for (Map.Entry<String, String> picture : this.pictures.entrySet()) {
			Files.writeString(page.resolveSibling("pictures").resolve(picture.getKey() + ".svg"), picture.getValue());
		}
	}

}
