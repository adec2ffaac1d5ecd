package io.locky.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Judges a server by what {@code INFO} tells of it. What it does not tell is not judged.
 */
final class SettingsCheck {

	private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

	private SettingsCheck() {
	}

	/**
	 * Judges a server.
	 * @param info its sections {@code server} and {@code memory}
	 * @return what to warn of
	 */
	static List<String> warnings(Properties info) {
		List<String> warnings = new ArrayList<>();
		String valkey = info.getProperty("valkey_version");
		if (valkey != null) {
			addIfOlder(warnings, "Valkey", valkey, 7, 2);
		}
		else {
			addIfOlder(warnings, "Redis", info.getProperty("redis_version"), 6, 2);
		}
		addIfEvicting(warnings, info.getProperty("maxmemory_policy"), info.getProperty("maxmemory"));
		return warnings;
	}

	private static void addIfOlder(List<String> warnings, String name, @Nullable String version, int major, int minor) {
		Matcher numbers = VERSION.matcher((version != null) ? version : "");
		if (numbers.matches() && isOlder(numbers, major, minor)) {
			warnings.add(name + " " + version + " is too old for Locky, and operations on locks fail there: use Redis "
					+ "6.2 or newer, or Valkey 7.2 or newer.");
		}
	}

	private static boolean isOlder(Matcher numbers, int major, int minor) {
		int actual = Integer.parseInt(numbers.group(1));
		return actual < major || (actual == major && Integer.parseInt(numbers.group(2)) < minor);
	}

	/** Without a limit of memory, nothing is evicted by any policy. */
	private static void addIfEvicting(List<String> warnings, @Nullable String policy, @Nullable String limit) {
		if (policy == null || "noeviction".equals(policy) || "0".equals(limit)) {
			return;
		}
		String victims = policy.startsWith("volatile-") ? "keys that have a ttl, as locks do," : "any key";
		warnings.add("Redis may evict locks: its maxmemory-policy is '" + policy + "', so that " + victims
				+ " may go when memory is short. An evicted lock is free although somebody holds it. "
				+ "Set maxmemory-policy to 'noeviction' on the Redis that keeps the locks.");
	}

}
