package io.locky.check;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.locky.redis.LockyKeys;
import io.locky.redis.LockyPartition;
import io.locky.redis.MissingPermission;
import io.locky.redis.PermissionProbe;
import io.locky.redis.ScriptCall;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;

/**
 * Tries what the scripts do, and judges by what is refused. Asking for the rules of a
 * user is forbidden where it matters most.
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
	 * Judges the user of a connection.
	 * @param connection the connection
	 * @param partition where to try
	 * @return what to warn of
	 * @throws DataAccessException if Redis does not answer
	 */
	List<String> warnings(RedisConnection connection, LockyPartition partition) {
		RedisScriptingCommands redis = connection.scriptingCommands();
		ScriptCall<List<Object>> call = this.probe.call(partition);
		byte[][] words = Stream.concat(call.keys().stream(), call.arguments().stream())
			.map(PermissionCheck::bytes)
			.toArray(byte[][]::new);
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
	 * Called so that it fails in any case: scripts may not call it, and it must not wait
	 * for replicas.
	 */
	private static List<MissingPermission> missingWait(RedisConnection connection) {
		try {
			connection.execute("WAIT", bytes("no"), bytes("number"));
		}
		catch (RedisConnectionFailureException | QueryTimeoutException ex) {
			throw ex;
		}
		catch (DataAccessException ex) {
			if (Refusals.isRefusal(ex)) {
				return List.of(MissingPermission.refused("wait", Refusals.require(ex)));
			}
		}
		return List.of();
	}

	private static List<MissingPermission> missing(String command, Attempt attempt) {
		try {
			List<?> answer = attempt.run();
			return (answer != null) ? MissingPermission.of(answer.stream().map(PermissionCheck::text).toList())
					: List.of();
		}
		catch (DataAccessException ex) {
			if (Refusals.isUnknownScript(ex)) {
				return List.of();
			}
			return List.of(MissingPermission.refused(command, Refusals.require(ex)));
		}
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
