package io.locky.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rules of the user with the fewest permissions, as the documentation has them.
 */
public final class DocumentedUser {

	private static final String COMMAND = "ACL SETUSER locky ";

	private static final List<String> LINES = read();

	private DocumentedUser() {
	}

	/**
	 * What is always needed, for the prefixes of tests.
	 * @return the rules
	 */
	public static List<String> rules() {
		return LINES.stream()
			.filter((line) -> line.contains("reset on >secret"))
			.flatMap((line) -> Arrays.stream(line.split(" ")))
			.map((rule) -> rule.replace("locky:", "test-*:"))
			.toList();
	}

	/**
	 * What is always needed, and what something more needs.
	 * @param commands commands that only this needs
	 * @return the rules
	 */
	public static List<String> rulesWith(String... commands) {
		List<String> rules = new ArrayList<>(rules());
		LINES.stream()
			.filter((line) -> Arrays.stream(commands).anyMatch((command) -> line.contains("+" + command))
					&& !line.contains("reset on"))
			.forEach((line) -> rules.addAll(List.of(line.split(" "))));
		return rules;
	}

	private static List<String> read() {
		try {
			return Files.readAllLines(Path.of("../docs/security.md"))
				.stream()
				.map(String::trim)
				.filter((line) -> line.startsWith(COMMAND))
				.map((line) -> line.substring(COMMAND.length()))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
