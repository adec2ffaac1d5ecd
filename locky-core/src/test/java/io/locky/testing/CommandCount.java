package io.locky.testing;

import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * How many commands clients have sent to a server, or to all masters of a Cluster.
 */
public final class CommandCount {

	/** What scripts call in turn is counted by Redis too, but was not sent. */
	private static final Pattern SENT = Pattern
		.compile("cmdstat_(?:eval|evalsha|ping|subscribe|hello|client\\S*)=calls=(?<calls>\\d+)");

	/** What servers and the driver of a test send for purposes of their own. */
	private static final Pattern EXECUTED = Pattern.compile(
			"cmdstat_(?!info|cluster|ping|replconf|psync|client|hello|config|role|command)\\S*=calls=(?<calls>\\d+)");

	private CommandCount() {
	}

	/**
	 * Counts the commands, without the one that reads the count.
	 * @param connections the access to Redis
	 * @return the number of commands since the server started
	 */
	public static long sent(RedisConnectionFactory connections) {
		return count(connections, SENT);
	}

	/**
	 * Counts the commands, those that scripts call included.
	 * @param connections the access to Redis
	 * @return the number of commands since the server started
	 */
	public static long executed(RedisConnectionFactory connections) {
		return count(connections, EXECUTED);
	}

	/**
	 * Counts the calls of one command, those of scripts too.
	 * @param connections the access to Redis
	 * @param command the name of the command, in lower case
	 * @return the number of calls since the server started
	 */
	public static long of(RedisConnectionFactory connections, String command) {
		return count(connections, Pattern.compile("cmdstat_" + command + "=calls=(?<calls>\\d+)"));
	}

	private static long count(RedisConnectionFactory connections, Pattern commands) {
		try (RedisConnection connection = connections.getConnection()) {
			Properties statistics = Objects.requireNonNull(connection.serverCommands().info("commandstats"));
			return statistics.entrySet()
				.stream()
				.map((entry) -> commands.matcher(entry.getKey() + "=" + entry.getValue()))
				.filter(Matcher::find)
				.mapToLong((calls) -> Long.parseLong(calls.group("calls")))
				.sum();
		}
	}

}
