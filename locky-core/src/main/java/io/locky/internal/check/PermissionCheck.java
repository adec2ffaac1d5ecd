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
			if (RedisErrors.isRefusal(ex)) {
				return List.of(MissingPermission.refused("wait", refusal(ex)));
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
			if (RedisErrors.isUnknownScript(ex)) {
				return List.of();
			}
			return List.of(MissingPermission.refused(command, refusal(ex)));
		}
	}

	/**
	 * The error by which Redis refused a command.
	 * @param failure what became of the command
	 * @return the error
	 * @throws DataAccessException the failure, if it is anything else
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
