package io.locky.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the user of a connection may not do.
 *
 * @param kind what is missing
 * @param command the command that was refused, in small letters
 * @since 0.1.0
 */
public record MissingPermission(Kind kind, String command) {

	/**
	 * What a permission is for.
	 */
	public enum Kind {

		/** The command. */
		COMMAND,
		/** The keys. */
		KEY,
		/** The channel. */
		CHANNEL

	}

	/**
	 * Reads the answer of a {@link PermissionProbe}.
	 * @param answer the answer
	 * @return what is missing
	 */
	public static List<MissingPermission> of(List<String> answer) {
		List<MissingPermission> missing = new ArrayList<>();
		for (int i = 0; i < answer.size(); i += 2) {
			missing.add(refused(answer.get(i), answer.get(i + 1)));
		}
		return missing;
	}

	/**
	 * Reads the error by which Redis refuses a command. Versions differ in their words.
	 * @param command the command
	 * @param error the error
	 * @return what is missing
	 */
	public static MissingPermission refused(String command, String error) {
		Kind kind = Kind.KEY;
		if (error.contains("can't run") || error.contains("to run the")) {
			kind = Kind.COMMAND;
		}
		else if (error.contains("the channel") || error.contains("a channel") || error.contains("' channel")) {
			kind = Kind.CHANNEL;
		}
		return new MissingPermission(kind, command.toLowerCase(Locale.ROOT));
	}

}
