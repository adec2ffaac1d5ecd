package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The functions that scripts share. A script gets only those that it uses, directly or
 * through others: Redis creates each of them again for every call.
 * <p>
 * They are put in front of the script, or where it has lines {@value #MARK}: at each of
 * them, those that it needs up to the next one. So a call that ends above such a line
 * does not pay for what follows.
 */
final class Prelude {

	private static final String MARK = "-- <prelude>\n";

	private static final Pattern NAMES = Pattern.compile("^local (?:function )?(\\w+(?:, \\w+)*)", Pattern.MULTILINE);

	/** The files, each of which uses only those in front of it. */
	private static final List<String> FILES = List.of("prelude", "locker-index", "locker-entries", "line-places",
			"handovers");

	private static final List<Part> PARTS = FILES.stream()
		.map((file) -> LockyScript.read(Prelude.class, file))
		.flatMap((text) -> parts(text).stream())
		.toList();

	private Prelude() {
	}

	/**
	 * Adds the functions to a script.
	 * @param script the text of the script
	 * @return the text that is sent to Redis
	 */
	static String addTo(String script) {
		int first = script.indexOf(MARK);
		String rest = (first >= 0) ? script.substring(first + MARK.length()) : script;
		StringBuilder text = new StringBuilder(script.substring(0, Math.max(0, first)));
		Set<Part> present = new HashSet<>();
		for (String section : rest.split(MARK)) {
			text.append(missing(section, present)).append(section);
		}
		return text.toString();
	}

	/** The parts that a section needs, except those that are above it already. */
	private static StringBuilder missing(String section, Set<Part> present) {
		StringBuilder missing = new StringBuilder();
		Set<String> wanted = words(section);
		// A part uses only those in front of it.
		for (int i = PARTS.size() - 1; i >= 0; i--) {
			Part part = PARTS.get(i);
			if (!Collections.disjoint(part.names(), wanted) && present.add(part)) {
				missing.insert(0, part.text() + "\n");
				wanted.addAll(part.words());
			}
		}
		return missing;
	}

	/** Paragraphs begin after an empty line, at the start of a line. */
	private static List<Part> parts(String text) {
		List<Part> parts = new ArrayList<>();
		for (String paragraph : text.split("\\n\\n(?=\\S)")) {
			Matcher names = NAMES.matcher(paragraph);
			if (names.find()) {
				parts.add(new Part(paragraph, List.of(names.group(1).split(", ")), words(paragraph)));
			}
		}
		return List.copyOf(parts);
	}

	/** Without patterns, which would take a tenth of a second of each start. */
	private static Set<String> words(String text) {
		Set<String> words = new HashSet<>();
		int start = 0;
		for (int i = 0; i <= text.length(); i++) {
			if (i == text.length() || !isPartOfName(text.charAt(i))) {
				if (i > start) {
					words.add(text.substring(start, i));
				}
				start = i + 1;
			}
		}
		return words;
	}

	private static boolean isPartOfName(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
				|| (character >= '0' && character <= '9') || character == '_';
	}

	/**
	 * A paragraph.
	 *
	 * @param text its lines
	 * @param names what it defines
	 * @param words all words in it
	 */
	private record Part(String text, List<String> names, Set<String> words) {

	}

}
