package io.locky.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.locky.internal.lock.AcquireCommand.Contention;
import io.locky.internal.lock.AcquireCommand;
import io.locky.internal.lock.LockCommands;
import io.locky.internal.redis.ScriptRunner;

/**
 * Takes very many locks, hundreds with one call.
 */
final class HeldLocks {

	static final int PART = 500;

	private HeldLocks() {
	}

	/**
	 * Takes locks.
	 * @param redis where
	 * @param count how many, a multiple of {@value #PART}
	 * @param ttl the ttl of each part
	 */
	static void take(BenchmarkRedis redis, int count, IntFunction<Duration> ttl) {
		ScriptRunner scripts = new ScriptRunner(redis.redis().getRequiredConnectionFactory());
		LockCommands calls = new LockCommands(redis.keys());
		for (int part = 0; part < count / PART; part++) {
			int start = part * PART;
			List<String> resources = IntStream.range(start, start + PART).mapToObj((i) -> "article:" + i).toList();
			AcquireCommand wanted = new AcquireCommand(resources, "20", ttl.apply(part), null, "fill-" + part,
					Contention.DENY, "");
			scripts.run(calls.acquire(wanted, Duration.ofSeconds(30)));
		}
	}

}
