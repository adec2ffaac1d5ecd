package io.locky.internal.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.RedisErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * Checks all servers that keep locks.
 */
final class ServerCheck {

	private static final Logger logger = LoggerFactory.getLogger(ServerCheck.class);

	private final LockyKeys keys;

	private final PermissionCheck permissions;

	ServerCheck(LockyKeys keys, boolean replicated) {
		this.keys = keys;
		this.permissions = new PermissionCheck(keys, replicated);
	}

	/**
	 * Checks all servers.
	 * @param connection the connection to them
	 * @return the warnings, each once
	 * @throws DataAccessException if one of them does not answer
	 */
	List<String> warnings(RedisConnection connection) {
		Map<String, List<String>> servers = new LinkedHashMap<>();
		for (CheckedServer server : CheckedServer.of(connection, this.keys)) {
			for (String warning : warnings(connection, server)) {
				servers.computeIfAbsent(warning, (text) -> new ArrayList<>()).add(server.name());
			}
		}
		return servers.entrySet()
			.stream()
			.map((entry) -> entry.getValue().contains("") ? entry.getKey()
					: "On " + String.join(", ", entry.getValue()) + ": " + entry.getKey())
			.toList();
	}

	private List<String> warnings(RedisConnection connection, CheckedServer server) {
		List<String> warnings = new ArrayList<>(settingsWarnings(connection, server));
		if (!warnings.contains(SettingsCheck.CLUSTER_NODE)) {
			warnings.addAll(permissionWarnings(connection, server));
		}
		return warnings;
	}

	private static List<String> settingsWarnings(RedisConnection connection, CheckedServer server) {
		return OptionalCommand.send(
				() -> SettingsCheck.warnings(server.info(connection, "server", "memory"), server.node() != null),
				(error) -> {
					logger.debug("The settings of Redis are not checked", error);
					return List.of();
				});
	}

	/** A user may lack the permission to ask a node of a Cluster what it is. */
	private List<String> permissionWarnings(RedisConnection connection, CheckedServer server) {
		try {
			return this.permissions.warnings(connection, server.partition());
		}
		catch (DataAccessException ex) {
			if (server.node() == null && RedisErrors.isOfCluster(ex)) {
				return List.of(SettingsCheck.CLUSTER_NODE);
			}
			throw ex;
		}
	}

}
