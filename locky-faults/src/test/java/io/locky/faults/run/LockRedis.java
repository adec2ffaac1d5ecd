package io.locky.faults.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.locky.testing.RedisProcess;

import static org.awaitility.Awaitility.await;

/**
 * The Redis that has the locks, with a connection for the test.
 */
final class LockRedis implements AutoCloseable {

	private final RedisProcess server;

	private final RedisClient client;

	private final StatefulRedisConnection<String, String> connection;

	/**
	 * Takes over a server and waits until it answers.
	 * @param server the server, closed with this object
	 */
	LockRedis(RedisProcess server) {
		this.server = server;
		this.client = RedisClient.create(RedisURI.create("127.0.0.1", server.port()));
		this.connection = await().atMost(Duration.ofSeconds(20))
			.ignoreExceptions()
			.until(() -> this.client.connect(), (connected) -> connected.sync().ping().equals("PONG"));
	}

	static LockRedis start(String... settings) {
		return new LockRedis(RedisProcess.start(settings));
	}

	String address() {
		return "127.0.0.1:" + this.server.port();
	}

	int port() {
		return this.server.port();
	}

	RedisProcess server() {
		return this.server;
	}

	RedisCommands<String, String> commands() {
		return this.connection.sync();
	}

	/**
	 * Waits until no lock is held, no expiry is to be published, and what is counted does
	 * not change any more.
	 * @param longest how long
	 * @param count what is counted
	 */
	void awaitQuiet(Duration longest, LongSupplier count) {
		await().atMost(longest)
			.ignoreExceptions()
			.until(() -> commands().zcard(App.PREFIX + "deadlines") + commands().zcard(App.PREFIX + "unacked") == 0);
		AtomicLong last = new AtomicLong(-1);
		await().atMost(longest).pollInterval(Duration.ofSeconds(3)).until(() -> {
			long now = count.getAsLong();
			return last.getAndSet(now) == now;
		});
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, Duration.ZERO);
		this.server.close();
	}

}
