package io.locky;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Checks what the keys of Locky in Redis start with.
 *
 * @since 0.9.0
 */
public final class KeyPrefix {

	/** What the keys of locks have between the prefix and the resource. */
	private static final String LOCK = "lock:";

	/** The same of the keys of what people need. */
	private static final Pattern PEOPLE = Pattern.compile("(?<=.)people:(?:line|handovers|presence|history):",
			Pattern.DOTALL);

	private KeyPrefix() {
	}

	/**
	 * Requires a prefix whose keys are not those of another prefix. A lock key is the
	 * prefix, {@code lock:} and a resource, which may be any text. So all keys of the
	 * prefix {@code a:lock:} could be locks of the prefix {@code a:}. The same is true of
	 * {@code people:line:}, {@code people:handovers:}, {@code people:presence:} and
	 * {@code people:history:}.
	 * @param value the prefix: not blank, without control characters, and without
	 * {@code lock:} and those texts except at its start
	 * @param name the name of the value in the error message, such as that of its
	 * property
	 * @return the prefix
	 * @throws InvalidSettingException if it cannot be used
	 */
	public static String require(@Nullable String value, String name) {
		if (value == null || value.isBlank()) {
			throw new InvalidSettingException(name, "must not be empty");
		}
		InvalidSettingException.require(value.chars().noneMatch(Character::isISOControl), name,
				() -> "must not have control characters such as a line break");
		InvalidSettingException.require(value.indexOf(LOCK, 1) < 0, name,
				() -> "must not contain '%s', but is '%s': its keys could be those of locks with a shorter prefix. "
					.formatted(LOCK, value) + "Use for example '%s'".formatted(value.replace(LOCK, "locks:")));
		InvalidSettingException.require(!PEOPLE.matcher(value).find(), name,
				() -> "must not be '%s': its keys could be those of a shorter prefix. Use for example '%s'"
					.formatted(value, value.replace("people:", "persons:")));
		return value;
	}

}
