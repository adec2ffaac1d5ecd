package io.locky.internal.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.locky.internal.redis.LockyKeys;

/**
 * Writes the consequence of a missing permission, and the ACL rule that grants it.
 */
final class PermissionWarnings {

	private static final String START = "The Redis user ";

	private static final String NO_HINTS = "may not publish hints, so instances notice expiries and released locks up to "
			+ "a second late.";

	private static final String NO_EVENT_LOG = "may not use the event log, so other instances miss the events of this "
			+ "one, or this one misses theirs.";

	private static final String NO_LOCKER_INDEX = "may not keep the index by locker, so unlockAll and the list of the "
			+ "locks of one locker read all locks. locky.locker-index=false turns it off.";

	private static final String NO_LOCKS = "lacks permissions, so operations on locks fail.";

	private PermissionWarnings() {
	}

	static List<String> of(Collection<MissingPermission> missing, LockyKeys keys) {
		Map<String, Set<String>> rules = new LinkedHashMap<>();
		for (MissingPermission permission : missing) {
			rules.computeIfAbsent(consequence(permission.command()), (text) -> new LinkedHashSet<>())
				.add(rule(permission, keys));
		}
		List<String> warnings = new ArrayList<>();
		rules.forEach((text, missingRules) -> warnings
			.add(START + text + " Missing: ACL SETUSER <user> " + String.join(" ", missingRules)));
		return warnings;
	}

	/**
	 * Whether a warning is one of these.
	 * @param warning a warning of a check, perhaps with the name of a server in front
	 * @return whether it names a missing permission
	 */
	static boolean includes(String warning) {
		return warning.contains(START);
	}

	private static String consequence(String command) {
		if ("publish".equals(command)) {
			return NO_HINTS;
		}
		if ("info".equals(command)) {
			return NO_LOCKER_INDEX;
		}
		return command.startsWith("x") ? NO_EVENT_LOG : NO_LOCKS;
	}

	private static String rule(MissingPermission permission, LockyKeys keys) {
		return switch (permission.kind()) {
			case COMMAND -> "+" + permission.command();
			case KEY -> "~" + keys.pattern();
			case CHANNEL -> "&" + keys.signals();
		};
	}

}
