package io.locky.internal.expiration;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the texts in JSON that a script wrote: arrays of texts, one in another or not. No
 * more of JSON is known here, and no library is asked for it: a million of them may come
 * within seconds, and an application may have any library for JSON or none.
 */
final class JsonTexts {

	private final String json;

	private int at;

	private JsonTexts(String json) {
		this.json = json;
	}

	/**
	 * Reads all texts.
	 * @param json what the script wrote
	 * @return the texts in their order, whatever arrays they stand in
	 */
	static List<String> read(String json) {
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

	/** Most texts have nothing that is escaped. */
	private String next() {
		int start = this.at;
		char c = this.json.charAt(this.at++);
		while (c != '"' && c != '\\') {
			c = this.json.charAt(this.at++);
		}
		String plain = this.json.substring(start, this.at - 1);
		return (c == '"') ? plain : plain + escaped();
	}

	/** Goes on behind the first backslash. */
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
