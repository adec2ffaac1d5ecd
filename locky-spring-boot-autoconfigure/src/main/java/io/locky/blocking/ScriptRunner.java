package io.locky.blocking;

import java.time.Duration;
import java.util.List;

import io.locky.redis.ScriptCall;

import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.util.Assert;

/**
 * Sends the calls of scripts and waits for their answers. Never as part of a transaction
 * or pipeline of the caller.
 *
 * @since 0.1.0
 */
public final class ScriptRunner {

	private static final Duration MIGRATION_PATIENCE = Duration.ofSeconds(5);

	private final StringRedisTemplate redis;

	private final ScriptPipeline pipeline;

	private final SlotMigration migration = new SlotMigration(MIGRATION_PATIENCE);

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
	 * Sends a call. A thread whose interrupt flag is set already sends it all the same,
	 * and keeps its flag: otherwise Redis would do what nobody hears of. While Redis
	 * Cluster moves the slot of the keys the call waits, for 5 s at most.
	 * @param <T> what the script answers
	 * @param call the call
	 * @return the answer
	 * @throws org.springframework.dao.DataAccessException if Redis does not answer
	 */
	public <T> T run(ScriptCall<T> call) {
		boolean interrupted = Thread.interrupted();
		try {
			return this.migration.outlast(() -> send(call));
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

	private <T> T send(ScriptCall<T> call) {
		T answer = this.redis.execute(call.script(), call.keys(), call.arguments().toArray());
		Assert.state(answer != null, "Redis gave no answer to a script");
		return answer;
	}

	/**
	 * Sends several calls at once, in one pipeline, and waits for all answers. For calls
	 * that may be sent twice, and whose answers may get lost.
	 * @param <T> what the script answers
	 * @param calls the calls
	 * @return the answers, in the order of the calls
	 * @throws org.springframework.dao.DataAccessException if Redis does not answer one of
	 * them
	 */
	public <T> List<T> runAll(List<ScriptCall<T>> calls) {
		return (calls.size() == 1) ? List.of(run(calls.get(0))) : this.pipeline.run(calls, this::run);
	}

}
