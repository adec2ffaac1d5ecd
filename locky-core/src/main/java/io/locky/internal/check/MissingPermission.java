package io.locky.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A permission that the user of a connection lacks.
 *
 * @param kind what the user may not use
 * @param command the command that was refused, in lower case
 */
record MissingPermission(Kind kind, String command) {

	/** What a permission is for. */
	enum Kind {

		/** The command. */
		COMMAND,
		/** The keys. */
		KEY,
		/** The channel. */
		CHANNEL

	}

	/**
	 * Reads the reply of {@code probe.lua}.
	 * @param reply each refused command with its error
	 * @return the missing permissions
	 */
	static List<MissingPermission> of(List<String> reply) {
		List<MissingPermission> missing = new ArrayList<>();
		for (int i = 0; i < reply.size(); i += 2) {
			missing.add(refused(reply.get(i), reply.get(i + 1)));
		}
		return missing;
	}

	/**
	 * Reads the error with which Redis refuses a command. Its text depends on the
	 * version.
	 * @param command the command
	 * @param error the error
	 * @return the missing permission
	 */
	static MissingPermission refused(String command, String error) {
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
