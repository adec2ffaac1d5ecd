package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The functions that scripts share. A script gets only those that it uses, directly or
 * through others: Redis creates each of them again for every call.
 * <p>
 * They are put in front of the script, or where it has a line {@value #MARK}: what is
 * above that line costs nothing to those calls that end there.
 */
final class Prelude {

	private static final String MARK = "-- <prelude>\n";

	private static final Pattern NAMES = Pattern.compile("^local (?:function )?(\\w+(?:, \\w+)*)", Pattern.MULTILINE);

	/** The files, each of which uses only those in front of it. */
	private static final List<String> FILES = List.of("prelude", "locker-index", "locker-entries");

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
		StringBuilder used = new StringBuilder();
		// A part uses only those in front of it.
		for (int i = PARTS.size() - 1; i >= 0; i--) {
			Part part = PARTS.get(i);
			if (part.isUsedBy(used) || part.isUsedBy(script)) {
				used.insert(0, part.text() + "\n");
			}
		}
		return script.contains(MARK) ? script.replace(MARK, used) : used + script;
	}

	/** Paragraphs begin after an empty line, at the start of a line. */
	private static List<Part> parts(String text) {
		List<Part> parts = new ArrayList<>();
		for (String paragraph : text.split("\\n\\n(?=\\S)")) {
			Matcher names = NAMES.matcher(paragraph);
			if (names.find()) {
				parts.add(new Part(paragraph, Pattern.compile("\\b(" + names.group(1).replace(", ", "|") + ")\\b")));
			}
		}
		return List.copyOf(parts);
	}

	/**
	 * A paragraph.
	 *
	 * @param text its lines
	 * @param names matches each name that it defines
	 */
	private record Part(String text, Pattern names) {

		boolean isUsedBy(CharSequence script) {
			return this.names.matcher(script).find();
		}

	}

}
