package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisPipelineException;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.RedisSentinelConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Sends scripts and waits for their replies, never as part of a transaction or pipeline
 * of the caller.
 */
public final class ScriptRunner {

	private static final Duration MIGRATION_TIMEOUT = Duration.ofSeconds(5);

	private final StringRedisTemplate redis;

	private final SlotMigration migration = new SlotMigration(MIGRATION_TIMEOUT);

	/**
	 * Creates a runner.
	 * @param connectionFactory the access to Redis
	 */
	public ScriptRunner(RedisConnectionFactory connectionFactory) {
		Assert.notNull(connectionFactory, "'connectionFactory' must not be null");
		this.redis = new StringRedisTemplate(new DetachedConnectionFactory(connectionFactory));
	}

	/**
	 * Sends a call. If the interrupt flag of the thread is set, the call is sent all the
	 * same and the flag is set again afterwards: otherwise Redis would do something whose
	 * reply is not read. While Redis Cluster moves the slot of the keys, this waits for 5
	 * seconds at most.
	 * @param <R> the type of the result
	 * @param call the call
	 * @return the result that its reply contains
	 * @throws DataAccessException if Redis does not answer
	 */
	public <R> R run(ScriptCall<R> call) {
		boolean interrupted = Thread.interrupted();
		try {
			return call.read(this.migration.outlast(() -> send(call)));
		}
		catch (IllegalStateException ex) {
			throw new RedisConnectionFailureException("The connection factory is not running: " + ex.getMessage(), ex);
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
		Assert.state(reply != null, "Redis returned no reply to a script");
		return reply;
	}

	/**
	 * Sends several calls in one pipeline, and waits for all replies. If a server does
	 * not have a script yet, or is moving a slot, all calls are sent again one by one,
	 * which loads the script. Only for calls that may be sent twice, and whose replies
	 * may get lost.
	 * @param <R> the type of the results
	 * @param calls the calls
	 * @return the results that their replies contain, in the order of the calls
	 * @throws DataAccessException if Redis does not answer one of them
	 */
	public <R> List<R> runAll(List<ScriptCall<R>> calls) {
		if (calls.size() == 1) {
			return List.of(run(calls.get(0)));
		}
		try {
			List<Object> replies = this.redis
				.executePipelined((RedisCallback<Object>) (connection) -> sendAll(connection, calls));
			List<R> results = new ArrayList<>(replies.size());
			for (int i = 0; i < calls.size(); i++) {
				results.add(calls.get(i).read(replies.get(i)));
			}
			return results;
		}
		catch (RedisPipelineException ex) {
			if (RedisErrors.isUnknownScript(ex) || RedisErrors.isSlotMoving(ex)) {
				return calls.stream().map(this::run).toList();
			}
			throw ex;
		}
	}

	@SuppressWarnings("NullAway") // what is pipelined must return null
	private static <R> Object sendAll(RedisConnection connection, List<ScriptCall<R>> calls) {
		for (ScriptCall<R> call : calls) {
			ReturnType type = ReturnType.fromJavaType(Objects.requireNonNull(call.script().getResultType()));
			connection.scriptingCommands().evalSha(call.script().getSha1(), type, call.keys().size(), call.words());
		}
		return null;
	}

	/**
	 * Sends a call whose reply is a number, on a connection of the caller.
	 * @param <R> the type of the result
	 * @param connection the connection
	 * @param call the call
	 * @return the result that its reply contains
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
	 * The connections of another factory under an identity of its own. Spring Data binds
	 * a connection to the thread by its factory: a script that joined a user's
	 * transaction or pipeline would have no reply, and a lock would be acquired although
	 * the caller gets an exception.
	 */
	private static final class DetachedConnectionFactory implements RedisConnectionFactory {

		private final RedisConnectionFactory delegate;

		private DetachedConnectionFactory(RedisConnectionFactory delegate) {
			this.delegate = delegate;
		}

		@Override
		public RedisConnection getConnection() {
			return this.delegate.getConnection();
		}

		@Override
		public RedisClusterConnection getClusterConnection() {
			return this.delegate.getClusterConnection();
		}

		@Override
		public RedisSentinelConnection getSentinelConnection() {
			return this.delegate.getSentinelConnection();
		}

		@Override
		public boolean getConvertPipelineAndTxResults() {
			return this.delegate.getConvertPipelineAndTxResults();
		}

		@Override
		public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException ex) {
			return this.delegate.translateExceptionIfPossible(ex);
		}

	}

}
