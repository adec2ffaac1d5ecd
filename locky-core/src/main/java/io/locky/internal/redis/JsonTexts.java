package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the JSON in which scripts write claims and events: arrays of texts, nested or
 * not. It reads no other JSON and needs no library: a million claims may come within
 * seconds, and an application may have any JSON library or none.
 */
public final class JsonTexts {

	private final String json;

	private int at;

	private JsonTexts(String json) {
		this.json = json;
	}

	/**
	 * Whether a text is of the first format. A later one has its version in front, as in
	 * {@code 2[…]}.
	 * @param json the text that a script wrote
	 * @return whether it starts as an array
	 */
	public static boolean isFirstFormat(String json) {
		return json.startsWith("[");
	}

	/**
	 * Reads all texts.
	 * @param json the text that the script wrote
	 * @return the texts of all arrays, in their order
	 * @throws IllegalArgumentException or {@link IndexOutOfBoundsException} if a text has
	 * no end or a wrong escape
	 */
	public static List<String> read(String json) {
		JsonTexts texts = new JsonTexts(json);
		List<String> read = new ArrayList<>();
		while (texts.findQuote()) {
			read.add(texts.next());
		}
		return read;
	}

	private boolean findQuote() {
		this.at = this.json.indexOf('"', this.at) + 1;
		return this.at > 0;
	}

	/** Most texts have no escaped characters. */
	private String next() {
		int start = this.at;
		char c = this.json.charAt(this.at++);
		while (c != '"' && c != '\\') {
			c = this.json.charAt(this.at++);
		}
		String plain = this.json.substring(start, this.at - 1);
		return (c == '"') ? plain : plain + escaped();
	}

	/** Reads the rest of a text, from behind its first backslash. */
	private String escaped() {
		StringBuilder text = new StringBuilder();
		char c = '\\';
		while (c != '"') {
			text.append((c == '\\') ? unescaped() : c);
			c = this.json.charAt(this.at++);
		}
		return text.toString();
	}

	private char unescaped() {
		char c = this.json.charAt(this.at++);
		return switch (c) {
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'u' -> (char) Integer.parseInt(this.json, this.at, this.at += 4, 16);
			default -> c;
		};
	}

}
