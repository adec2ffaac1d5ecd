package io.locky.core;

/**
 * Patterns of Redis.
 */
final class Glob {

	private Glob() {
	}

	/**
	 * A pattern for everything that starts with a text, whatever characters it has.
	 * @param text the text
	 * @return the pattern
	 */
	static String startingWith(String text) {
		return text.replaceAll("[\\\\*?\\[\\]^-]", "\\\\$0") + "*";
	}

}
