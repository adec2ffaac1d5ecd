package io.locky;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Turns the values that name resources and lockers into text, and refuses a value whose
 * text would not name the same thing again. Every call of Locky does that by itself. An
 * application needs it to compare a value of its own with a name that Locky returns, such
 * as a key of {@link LockyOperations#findAll}, or to check input early. A name has at
 * most 512 characters, is not blank, has no control characters and is well-formed
 * Unicode.
 *
 * @since 0.9.0
 */
public final class LockNames {

	private static final int MAX_LENGTH = 512;

	private LockNames() {
	}

	/**
	 * The name of a resource.
	 * @param value text, a number, a UUID or an enum constant
	 * @return its text
	 * @throws InvalidLockValueException if the text of the value cannot be a name
	 * @throws IllegalArgumentException if the value is of a type whose text may change
	 */
	public static String resource(@Nullable Object value) {
		return name(value, "resource");
	}

	/**
	 * The name of a locker.
	 * @param value text, a number, a UUID or an enum constant
	 * @return its text
	 * @throws InvalidLockValueException if the text of the value cannot be a name
	 * @throws IllegalArgumentException if the value is of a type whose text may change
	 */
	public static String locker(@Nullable Object value) {
		return name(value, "locker");
	}

	/**
	 * Encodes a value that is to be a part of a name beside others. All characters but
	 * letters, digits and {@code - _ . ~} become {@code %XX}, the bytes of their UTF-8
	 * code. So a separator such as {@code :} or {@code /} comes from no value, and
	 * different values never make the same name: <pre>{@code
	 * "pair:" + LockNames.escape(left) + ":" + LockNames.escape(right)
	 * }</pre> In the texts of annotations it is the function {@code escape}.
	 * @param value text, a number, a UUID or an enum constant, not blank
	 * @return its text, encoded
	 * @throws IllegalArgumentException if the value cannot be a part of a name
	 */
	public static String escape(@Nullable Object value) {
		String text = checkUnicode(text(value, "value"), "value");
		if (text.isBlank()) {
			throw refused("value", "must not be blank");
		}
		StringBuilder escaped = new StringBuilder(text.length());
		text.codePoints().forEach((character) -> {
			if (Character.isLetterOrDigit(character) || "-_.~".indexOf(character) >= 0) {
				escaped.appendCodePoint(character);
			}
			else {
				for (byte code : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
					escaped.append("%%%02X".formatted(code));
				}
			}
		});
		return escaped.toString();
	}

	private static String name(@Nullable Object value, String what) {
		return check(text(value, what), what, MAX_LENGTH);
	}

	static String check(@Nullable String text, String what, int longest) {
		if (text == null || text.isBlank()) {
			throw refused(what, "must not be blank");
		}
		if (text.length() > longest) {
			throw refused(what, "must have at most %d characters, but has %d".formatted(longest, text.length()));
		}
		for (int i = 0; i < text.length(); i++) {
			if (Character.isISOControl(text.charAt(i))) {
				throw refused(what, "must not have control characters such as a line break");
			}
		}
		return checkUnicode(text, what);
	}

	/** Half a surrogate pair would be written as '?', and so name another resource. */
	private static String checkUnicode(String text, String what) {
		for (int i = 0; i < text.length(); i++) {
			if (Character.isSurrogate(text.charAt(i))) {
				boolean pair = i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
				if (!pair) {
					throw refused(what, "must be well-formed Unicode, but has half a surrogate pair");
				}
				i++;
			}
		}
		return text;
	}

	/**
	 * The text of a value that is a name or a part of one.
	 * @param value text, a number, a UUID or an enum constant (its
	 * {@linkplain Enum#name() name})
	 * @param what the name of the value in the error message
	 * @return its text, the same at any time
	 * @throws InvalidLockValueException if the value is {@code null}
	 * @throws IllegalArgumentException if the value is of a type whose text may change
	 */
	public static String text(@Nullable Object value, String what) {
		if (value == null) {
			throw refused(what, "must not be null");
		}
		if (value instanceof Enum<?> constant) {
			return constant.name();
		}
		if (value instanceof CharSequence || value instanceof UUID || isPlatformNumber(value)) {
			return value.toString();
		}
		throw new IllegalArgumentException(("'%s' must be a text, a number, a UUID or an enum constant, but is a %s, "
				+ "whose text may change; pass its id instead")
			.formatted(what, value.getClass().getName()));
	}

	private static boolean isPlatformNumber(Object value) {
		return value instanceof Number && value.getClass().getName().startsWith("java.");
	}

	private static InvalidLockValueException refused(String what, String why) {
		return new InvalidLockValueException("'" + what + "' " + why);
	}

}
