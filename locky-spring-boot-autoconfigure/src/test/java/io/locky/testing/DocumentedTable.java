package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A table of the documentation that a test makes.
 *
 * @param page the name of the page
 * @param heading the heading before the table, as it is in the page
 */
public record DocumentedTable(String page, String heading) {

	/**
	 * The rows in the page, without the head.
	 * @return the lines
	 */
	public List<String> rows() {
		try {
			return Files.readAllLines(Path.of("../docs", this.page))
				.stream()
				.dropWhile((line) -> !line.equals(this.heading))
				.dropWhile((line) -> !line.startsWith("|---"))
				.skip(1)
				.takeWhile((line) -> line.startsWith("|"))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Fails with the text to put into the page if it has other rows.
	 * @param found the rows that the test found
	 */
	public void assertHas(List<String> found) {
		assertThat(rows())
			.as("The table after '%s' in %s. If it is to change, its rows are:%n%s%n", this.heading, this.page,
					String.join("\n", found))
			.isEqualTo(found);
	}

}
