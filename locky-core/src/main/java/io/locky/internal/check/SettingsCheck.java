package io.locky.internal.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Checks the version and the memory settings of a server, as far as {@code INFO} returns
 * them.
 */
final class SettingsCheck {

	private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

	/** The connection does not follow the slots to their nodes. */
	static final String CLUSTER_NODE = "Redis is a node of a Redis Cluster, but this instance connects to it as to a "
			+ "single Redis: operations on locks fail, and instances that connect to the Cluster do not see its locks. "
			+ "Connect to the Cluster: set spring.data.redis.cluster.nodes, or use a RedisClusterConfiguration.";

	private SettingsCheck() {
	}

	/**
	 * Checks a server.
	 * @param info its sections {@code server} and {@code memory}
	 * @param cluster whether the connection is one to a Cluster
	 * @return the warnings
	 */
	static List<String> warnings(Properties info, boolean cluster) {
		List<String> warnings = new ArrayList<>();
		if (!cluster && "cluster".equals(info.getProperty("redis_mode", info.getProperty("server_mode")))) {
			warnings.add(CLUSTER_NODE);
		}
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
			warnings.add(name + " " + version + " is too old for Locky: operations on locks fail. Use Redis 6.2 or "
					+ "newer, or Valkey 7.2 or newer.");
		}
	}

	private static boolean isOlder(Matcher numbers, int major, int minor) {
		int actual = Integer.parseInt(numbers.group(1));
		return actual < major || (actual == major && Integer.parseInt(numbers.group(2)) < minor);
	}

	/** Without a memory limit, no policy evicts keys. */
	private static void addIfEvicting(List<String> warnings, @Nullable String policy, @Nullable String limit) {
		if (policy == null || "noeviction".equals(policy) || "0".equals(limit)) {
			return;
		}
		String victims = policy.startsWith("volatile-") ? "keys that have a TTL, as locks do," : "any key";
		warnings.add("Redis may evict locks: its maxmemory-policy is '" + policy + "', so it may delete " + victims
				+ " when memory is short. An evicted lock is free although its holder relies on it. "
				+ "Set maxmemory-policy to 'noeviction' on the Redis that keeps the locks.");
	}

}
