package io.locky.benchmark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars with their values, as SVG. Readable on light and on dark pages.
 */
public final class Plot {

	private static final int WIDTH = 760;

	private static final int LABELS = 230;

	private static final int LONGEST_BAR = 420;

	private static final int LINE = 26;

	private static final int TOP = 44;

	private final String name;

	private final String title;

	private final List<Bar> bars = new ArrayList<>();

	/**
	 * Starts a plot.
	 * @param name the name of its file, without the ending
	 * @param title what the bars are, with the unit
	 */
	public Plot(String name, String title) {
		this.name = name;
		this.title = title;
	}

	public String name() {
		return this.name;
	}

	/**
	 * Adds a bar.
	 * @param label what it stands for
	 * @param value its length
	 * @param ours whether it stands for Locky
	 */
	public void bar(String label, double value, boolean ours) {
		this.bars.add(new Bar(label, value, ours));
	}

	/**
	 * Draws the plot.
	 * @return a document
	 */
	public String svg() {
		double longest = this.bars.stream().mapToDouble(Bar::value).max().orElse(1);
		int height = TOP + LINE * this.bars.size() + 10;
		StringBuilder svg = new StringBuilder("""
				<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" \
				font-family="sans-serif" font-size="13">
				<title>%3$s</title>
				<rect width="%1$d" height="%2$d" fill="#ffffff"/>
				<text x="10" y="24" font-size="15" font-weight="bold" fill="#222222">%3$s</text>
				""".formatted(WIDTH, height, escape(this.title)));
		for (int i = 0; i < this.bars.size(); i++) {
			svg.append(bar(this.bars.get(i), TOP + i * LINE, longest));
		}
		return svg.append("</svg>\n").toString();
	}

	private static String bar(Bar bar, int y, double longest) {
		double length = LONGEST_BAR * bar.value / longest;
		return String.format(Locale.ROOT, """
				<text x="%d" y="%d" text-anchor="end" fill="#222222">%s</text>
				<rect x="%d" y="%d" width="%.1f" height="%d" rx="2" fill="%s"/>
				<text x="%.1f" y="%d" fill="#222222">%s</text>
				""", LABELS, y + 16, escape(bar.label), LABELS + 10, y + 3, length, LINE - 8,
				bar.ours ? "#1f6f54" : "#a9b4bd", LABELS + 16 + length, y + 16, Figures.of(bar.value));
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	private record Bar(String label, double value, boolean ours) {

	}

}
