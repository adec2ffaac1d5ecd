package io.locky.benchmark.report;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class ReportTests {

	private final Report report = new Report(new PrintStream(OutputStream.nullOutputStream()));

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path docs;

	@Test
	void replacesOnlyTheTableOfThatName() throws Exception {
		Path page = page("# Page\n<!-- one -->\nold\n<!-- end -->\ntext\n<!-- two -->\nkept\n<!-- end -->\n");
		this.report.add(table("one"));
		this.report.writeTo(page, "*How.*\n");
		assertThat(Files.readString(page)).isEqualTo("# Page\n<!-- one -->\n| what | µs |\n|---|--:|\n| pair | 12.3 |\n"
				+ "\n*How.*\n\n<!-- end -->\ntext\n<!-- two -->\nkept\n<!-- end -->\n");
	}

	@Test
	void refusesTableWithoutPlace() throws Exception {
		Path page = page("# Page\n");
		this.report.add(table("one"));
		assertThatIOException().isThrownBy(() -> this.report.writeTo(page, "")).withMessageContaining("one");
	}

	@Test
	void writesPlotAsXmlBesidePage() throws Exception {
		Plot plot = new Plot("plot", "Pairs & more");
		plot.bar("a < b", 250, true);
		plot.bar("half", 125, false);
		this.report.add(plot);
		this.report.writeTo(page(""), "");
		Document svg = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new ByteArrayInputStream(Files.readAllBytes(this.docs.resolve("pictures/plot.svg"))));
		assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("Pairs & more");
		assertThat(svg.getElementsByTagName("text").item(1).getTextContent()).isEqualTo("a < b");
		assertThat(widthOfBar(svg, 1)).isEqualTo(2 * widthOfBar(svg, 2));
	}

	private static double widthOfBar(Document svg, int number) {
		return Double.parseDouble(
				svg.getElementsByTagName("rect").item(number).getAttributes().getNamedItem("width").getNodeValue());
	}

	@Test
	void samplesKnowTheirPercentiles() {
		Samples samples = Samples.of(4, 1, 3, 2);
		assertThat(samples.median()).isEqualTo(2);
		assertThat(samples.percentile(99)).isEqualTo(4);
		assertThat(samples.min()).isEqualTo(1);
	}

	@Test
	void figuresHaveThreeDigits() {
		assertThat(Figures.of(12_345)).isEqualTo("12\u00a0300");
		assertThat(Figures.of(1234.6)).isEqualTo("1\u00a0235");
		assertThat(Figures.of(12.34)).isEqualTo("12.3");
		assertThat(Figures.of(0.126)).isEqualTo("0.13");
	}

	private static Table table(String name) {
		Table table = new Table(name, "what", "µs");
		table.row("pair", Figures.of(12.34));
		return table;
	}

	private Path page(String text) throws IOException {
		Files.createDirectories(this.docs.resolve("pictures"));
		return Files.write(this.docs.resolve("page.md"), text.getBytes(StandardCharsets.UTF_8));
	}

}
