package io.locky.internal.check;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.RedisErrors;
import io.locky.internal.redis.ScriptCall;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;

/**
 * Finds missing permissions by calling the commands of the scripts: the users that lack
 * one usually may not read their ACL rules either.
 */
final class PermissionCheck {

	private final LockyKeys keys;

	private final boolean replicated;

	private final PermissionProbe probe;

	PermissionCheck(LockyKeys keys, boolean replicated) {
		this.keys = keys;
		this.replicated = replicated;
		this.probe = new PermissionProbe(keys);
	}

	/**
	 * Checks the user of a connection.
	 * @param connection the connection
	 * @param partition where to try
	 * @return the warnings
	 * @throws DataAccessException if Redis does not answer
	 */
	List<String> warnings(RedisConnection connection, LockyPartition partition) {
		RedisScriptingCommands redis = connection.scriptingCommands();
		ScriptCall<List<Object>> call = this.probe.call(partition);
		byte[][] words = call.words();
		Set<MissingPermission> missing = new LinkedHashSet<>();
		missing.addAll(missing("eval", () -> redis.eval(bytes(call.script().getScriptAsString()), ReturnType.MULTI,
				call.keys().size(), words)));
		missing.addAll(missing("evalsha",
				() -> redis.evalSha(call.script().getSha1(), ReturnType.MULTI, call.keys().size(), words)));
		if (this.replicated) {
			missing.addAll(missingWait(connection));
		}
		return PermissionWarnings.of(missing, this.keys);
	}

	/**
	 * Calls {@code WAIT} outside of a script, where alone it may be called, with
	 * arguments that make it fail: it must not wait for replicas.
	 */
	private static List<MissingPermission> missingWait(RedisConnection connection) {
		return OptionalCommand.send(() -> {
			connection.execute("WAIT", bytes("no"), bytes("number"));
			return List.of();
		}, (error) -> RedisErrors.isRefusal(error) ? List.of(MissingPermission.refused("wait", refusal(error)))
				: List.of());
	}

	private static List<MissingPermission> missing(String command, Attempt attempt) {
		try {
			List<?> reply = attempt.run();
			return (reply != null) ? MissingPermission.of(reply.stream().map(PermissionCheck::text).toList())
					: List.of();
		}
		catch (DataAccessException ex) {
			if (RedisErrors.isUnknownScript(ex)) {
				return List.of();
			}
			return List.of(MissingPermission.refused(command, refusal(ex)));
		}
	}

	/**
	 * The error with which Redis refused a command.
	 * @param failure the exception of the command
	 * @return the error
	 * @throws DataAccessException the failure, if it is not a refusal
	 */
	private static String refusal(DataAccessException failure) {
		if (!RedisErrors.isRefusal(failure)) {
			throw failure;
		}
		return RedisErrors.message(failure);
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(Object value) {
		return (value instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
	}

	private interface Attempt {

		@Nullable List<?> run();

	}

}
