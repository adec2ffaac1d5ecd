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
 * Says what a missing permission leads to, and the rule that gives it.
 */
final class PermissionWarnings {

	private static final String NO_HINTS = "may not publish hints, so that expiries and released locks are noticed up to "
			+ "a second late.";

	private static final String NO_EVENT_LOG = "may not use the log of events, so that other instances miss what happens "
			+ "on this one, or this one what happens there.";

	private static final String NO_LOCKS = "lacks permissions without which operations on locks fail.";

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
			.add("The Redis user " + text + " Missing: ACL SETUSER <user> " + String.join(" ", missingRules)));
		return warnings;
	}

	private static String consequence(String command) {
		if ("publish".equals(command)) {
			return NO_HINTS;
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
