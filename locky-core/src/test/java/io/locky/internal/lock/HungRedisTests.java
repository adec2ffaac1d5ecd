package io.locky.internal.lock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisCallback;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Renewed handles of a Redis that keeps its connections and answers nothing.
 */
@Timeout(60)
class HungRedisTests {

	private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

	private final EmbeddedRedis redis = EmbeddedRedis.start();

	private final LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", this.redis.port(),
			COMMAND_TIMEOUT);

	private final LockyFixture fixture = new LockyFixture(this.connections);

	private final LockyRuntime runtime = new LockyRuntime(this.connections, LockyKeys.ofCluster("test:"),
			this.fixture.settings().ttl(Duration.ofMinutes(1)).build(), (event) -> {
			});

	@AfterEach
	void closeAll() {
		this.redis.close();
		this.runtime.close();
		this.connections.destroy();
	}

	@Test
	void stopDoesNotWaitForEachPartition() {
		this.runtime.start();
		for (int i = 0; i < 50; i++) {
			this.runtime.locking().tryLock(LockRequest.of("r" + i).by("ann").autoRenew());
		}
		hang();
		long before = System.nanoTime();
		this.runtime.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
	}

	@Test
	void handlesAreLostWithTheirLeases() throws Exception {
		this.runtime.start();
		CountDownLatch lost = new CountDownLatch(20);
		for (int i = 0; i < 20; i++) {
			LockRequest request = LockRequest.of("r" + i).by("ann").ttl(Duration.ofSeconds(3)).autoRenew();
			((LockAttempt.Acquired) this.runtime.locking().tryLock(request)).handle().onLost(lost::countDown);
		}
		hang();
		assertThat(lost.await(20, TimeUnit.SECONDS)).isTrue();
	}

	private void hang() {
		this.fixture.redis()
			.execute((RedisCallback<Object>) (connection) -> connection.execute("CLIENT", bytes("PAUSE"),
					bytes("100000"), bytes("ALL")));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
