package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Sends scripts and waits for their replies, never as part of a transaction or pipeline
 * of the caller.
 */
public final class ScriptRunner {

	private static final Duration MIGRATION_TIMEOUT = Duration.ofSeconds(5);

	private final StringRedisTemplate redis;

	private final ScriptPipeline pipeline;

	private final SlotMigration migration = new SlotMigration(MIGRATION_TIMEOUT);

	/**
	 * Creates a runner.
	 * @param connectionFactory the access to Redis
	 */
	public ScriptRunner(RedisConnectionFactory connectionFactory) {
		Assert.notNull(connectionFactory, "'connectionFactory' must not be null");
		this.redis = new StringRedisTemplate(new DetachedConnectionFactory(connectionFactory));
		this.pipeline = new ScriptPipeline(this.redis);
	}

	/**
	 * Sends a call. If the interrupt flag of the thread is already set, the call is sent
	 * all the same and the flag is kept: otherwise Redis would do something whose reply
	 * nobody reads. While Redis Cluster moves the slot of the keys, the call waits for 5
	 * s at most.
	 * @param <R> what the reply says
	 * @param call the call
	 * @return what the reply says
	 * @throws DataAccessException if Redis does not answer
	 */
	public <R> R run(ScriptCall<R> call) {
		boolean interrupted = Thread.interrupted();
		try {
			return call.read(this.migration.outlast(() -> send(call)));
		}
		catch (IllegalStateException ex) {
			throw new RedisConnectionFailureException("The connection factory is not at work: " + ex.getMessage(), ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private Object send(ScriptCall<?> call) {
		return required(this.redis.execute(call.script(), call.keys(), call.arguments().toArray()));
	}

	private static Object required(@Nullable Object reply) {
		Assert.state(reply != null, "Redis gave no answer to a script");
		return reply;
	}

	/**
	 * Sends a call whose reply is a number, on a connection of the caller's own.
	 * @param <R> what the reply says
	 * @param connection the connection
	 * @param call the call
	 * @return what the reply says
	 * @throws DataAccessException if Redis does not answer
	 */
	static <R> R runOn(RedisConnection connection, ScriptCall<R> call) {
		RedisScriptingCommands redis = connection.scriptingCommands();
		byte[][] words = call.words();
		Object reply;
		try {
			reply = redis.evalSha(call.script().getSha1(), ReturnType.INTEGER, call.keys().size(), words);
		}
		catch (DataAccessException ex) {
			if (!RedisErrors.isUnknownScript(ex)) {
				throw ex;
			}
			byte[] text = call.script().getScriptAsString().getBytes(StandardCharsets.UTF_8);
			reply = redis.eval(text, ReturnType.INTEGER, call.keys().size(), words);
		}
		return call.read(required(reply));
	}

	/**
	 * Sends several calls at once, in one pipeline, and waits for all replies. Only for
	 * calls that may be sent twice, and whose replies may get lost.
	 * @param <R> what a reply says
	 * @param calls the calls
	 * @return what the replies say, in the order of the calls
	 * @throws DataAccessException if Redis does not answer one of them
	 */
	public <R> List<R> runAll(List<ScriptCall<R>> calls) {
		return (calls.size() == 1) ? List.of(run(calls.get(0))) : this.pipeline.run(calls, this::run);
	}

}
