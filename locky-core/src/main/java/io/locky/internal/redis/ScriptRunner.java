package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

import io.locky.metrics.LockyMetrics;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisPipelineException;
import org.springframework.data.redis.connection.RedisScriptingCommands;
import org.springframework.data.redis.connection.RedisSentinelConnection;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Sends scripts and waits for their replies, never as part of a transaction or pipeline
 * of the caller.
 * <p>
 * After a lost connection, the driver may send a call again. Where that would do harm, it
 * is sent with {@link #runOnce}.
 */
public final class ScriptRunner implements AutoCloseable {

	private static final Duration MIGRATION_TIMEOUT = Duration.ofSeconds(5);

	private final RedisConnectionFactory connections;

	private final StringRedisTemplate redis;

	private final @Nullable OwnConnection own;

	private final LockyMetrics metrics;

	private final EventLoopCheck eventLoops = new EventLoopCheck();

	private final SlotMigration migration = new SlotMigration(MIGRATION_TIMEOUT);

	/**
	 * Creates a runner that shares all connections with the application.
	 * @param connectionFactory the access to Redis
	 */
	public ScriptRunner(RedisConnectionFactory connectionFactory) {
		this(connectionFactory, null, LockyMetrics.NONE);
	}

	private ScriptRunner(RedisConnectionFactory connectionFactory, @Nullable OwnConnection own, LockyMetrics metrics) {
		Assert.notNull(connectionFactory, "'connectionFactory' must not be null");
		this.connections = connectionFactory;
		this.redis = new StringRedisTemplate(new DetachedConnectionFactory(connectionFactory));
		this.own = own;
		this.metrics = metrics;
	}

	/**
	 * Creates a runner with a connection of its own for {@link #runOnce}, where the
	 * driver is Lettuce. Other drivers do not send a call again.
	 * @param connectionFactory the access to Redis
	 * @param metrics measures how long scripts take
	 * @return the runner, to be closed by the caller
	 */
	public static ScriptRunner withOwnConnection(RedisConnectionFactory connectionFactory, LockyMetrics metrics) {
		OwnConnection own = (RedisDriver.lettuce(connectionFactory) != null) ? OwnConnection.like(connectionFactory)
				: null;
		return new ScriptRunner(connectionFactory, own, metrics);
	}

	/**
	 * Sends a call that may be sent twice. If the interrupt flag of the thread is set,
	 * the call is sent all the same and the flag is set again afterwards: otherwise Redis
	 * would do something whose reply is not read. While Redis Cluster moves the slot of
	 * the keys, this waits for 5 seconds at most.
	 * @param <R> the type of the result
	 * @param call the call
	 * @return the result that its reply contains
	 * @throws DataAccessException if Redis does not answer
	 */
	public <R> R run(ScriptCall<R> call) {
		return run(call, this::send);
	}

	/**
	 * Sends a call as {@link #run} does, except that the driver does not send it again:
	 * if the connection is lost before the reply, this fails at once. A call that was not
	 * sent yet still waits for the next connection.
	 * @param <R> the type of the result
	 * @param call the call
	 * @return the result that its reply contains
	 * @throws DataAccessException if Redis does not answer;
	 * {@link RedisErrors#isUnanswered} shows whether it may have run
	 */
	public <R> R runOnce(ScriptCall<R> call) {
		OwnConnection connection = this.own;
		if (connection == null) {
			return run(call);
		}
		long stamp = connection.beginUse();
		try {
			return run(call, (sent) -> sendOnce(connection, sent));
		}
		finally {
			connection.endUse(stamp);
		}
	}

	/**
	 * Sends what an exchange consists of, and waits for each reply.
	 * @param <T> the type of the result
	 * @param exchange the exchange
	 * @return its result
	 */
	public <T> T run(Exchange<T> exchange) {
		ExchangeEnd<T> end = end(exchange);
		if (end instanceof ExchangeFailure<T> failed) {
			throw failed.failure();
		}
		return ((ExchangeResult<T>) end).value();
	}

	private <T> ExchangeEnd<T> end(Exchange<T> exchange) {
		Exchange<T> rest = exchange;
		while (rest instanceof ExchangeStep<?, T> step) {
			rest = follow(step);
		}
		return (rest instanceof ExchangeEnd<T> end) ? end : send(rest);
	}

	private <A, T> Exchange<T> follow(ExchangeStep<A, T> step) {
		return step.after(end(step.before()));
	}

	private <T> ExchangeEnd<T> send(Exchange<T> call) {
		try {
			return new ExchangeResult<>(answer(call));
		}
		catch (RuntimeException ex) {
			return new ExchangeFailure<>(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private <T> T answer(Exchange<T> call) {
		if (call instanceof ExchangeCalls<?> several) {
			return (T) runAll(several.calls());
		}
		ExchangeCall<T> one = (ExchangeCall<T>) call;
		return one.once() ? runOnce(one.call()) : run(one.call());
	}

	/**
	 * Whether the connections are those of a factory.
	 * @param factory any connection factory
	 * @return whether it is the same
	 */
	public boolean uses(Object factory) {
		return this.connections == factory;
	}

	/**
	 * Sends exchanges without waiting for replies, on the same connections.
	 * @param shared sends calls on the connection of the application; the reply is of the
	 * type of the script
	 * @param threads run what follows from replies, and may block
	 * @return the runner
	 */
	public AsyncScriptRunner async(Function<ScriptCall<?>, CompletableFuture<Object>> shared, Executor threads) {
		LettuceConnectionFactory lettuce = RedisDriver.lettuce(this.connections);
		Duration timeout = (lettuce != null) ? lettuce.getClientConfiguration().getCommandTimeout() : Duration.ZERO;
		return new AsyncScriptRunner(this.own, timeout, this.migration, this.metrics, shared, threads);
	}

	private <R> R run(ScriptCall<R> call, Function<ScriptCall<R>, @Nullable Object> sender) {
		this.eventLoops.check();
		boolean interrupted = Thread.interrupted();
		try {
			return call.read(reply(call, sender));
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private <R> Object reply(ScriptCall<R> call, Function<ScriptCall<R>, @Nullable Object> sender) {
		if (this.metrics == LockyMetrics.NONE) {
			return this.migration.outlast(() -> required(sender.apply(call)));
		}
		return measured(call, () -> this.migration.outlast(() -> required(sender.apply(call))));
	}

	private <T> T measured(ScriptCall<?> call, Supplier<T> sending) {
		long sent = System.nanoTime();
		boolean failed = true;
		try {
			T reply = sending.get();
			failed = false;
			return reply;
		}
		finally {
			if (call.script() instanceof LockyScript<?> script) {
				this.metrics.scriptRan(script.name(), failed, System.nanoTime() - sent);
			}
		}
	}

	private @Nullable Object send(ScriptCall<?> call) {
		return this.redis.execute(call.script(), call.keys(), call.arguments().toArray());
	}

	private @Nullable Object sendOnce(OwnConnection connection, ScriptCall<?> call) {
		NativeScripts scripts = connected(connection::scripts);
		return (scripts != null) ? scripts.send(call) : send(call);
	}

	static <T extends @Nullable Object> T connected(Supplier<T> connection) {
		try {
			return connection.get();
		}
		catch (IllegalStateException ex) {
			throw new NotConnectedException("The connection factory is not running: " + ex.getMessage(), ex);
		}
		catch (DataAccessException ex) {
			throw new NotConnectedException(String.valueOf(ex.getMessage()), ex);
		}
	}

	static Object required(@Nullable Object reply) {
		if (reply == null) {
			throw new TransientDataAccessResourceException("Redis returned no reply to a script");
		}
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
		if (calls.size() <= 1) {
			return calls.stream().map(this::run).toList();
		}
		try {
			List<Object> replies = measured(calls.get(0), () -> this.redis
				.executePipelined((RedisCallback<Object>) (connection) -> sendAll(connection, calls)));
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
	 * Closes the connection of its own, if it is not in use. It is opened again when it
	 * is needed.
	 */
	public void release() {
		if (this.own != null) {
			this.own.release();
		}
	}

	/**
	 * Closes the connection of its own. Later calls share that of the application.
	 */
	@Override
	public void close() {
		if (this.own != null) {
			this.own.close();
		}
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
			return connected(this.delegate::getConnection);
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
