package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.LockRequest;
import io.locky.event.LockExpiredEvent;
import io.locky.internal.expiration.TestClaims;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.TestRedis;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A worker whose connection is cut when Redis has claimed an expiry for it.
 */
class LostClaimTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void claimIsPublishedSoonAndOnce(boolean partitions) throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start(); RedisProxy proxy = new RedisProxy(redis.port())) {
			LettuceConnectionFactory direct = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofSeconds(5));
			LettuceConnectionFactory cut = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofSeconds(5));
			try (LockyFixture fixture = new LockyFixture(direct)) {
				LockyKeys keys = partitions ? LockyKeys.ofCluster(fixture.prefix()) : fixture.keys();
				LockyPartition partition = keys.partitionOf("x");
				loadScripts(fixture);
				LockyTemplate locks = fixture.start(keys, fixture.settings().build(), fixture.publisher());
				locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(20)));
				await().until(() -> locks.getLocker("x") == null);
				List<String> published = new CopyOnWriteArrayList<>();
				AtomicLong lost = new AtomicLong();
				// Of the scripts of an instance that only works, the one that claims has
				// this key.
				proxy.cutAnswer(partition.waiting(), () -> lost.set(unacked(fixture, partition)));
				try (LockyRuntime worker = new LockyRuntime(cut, keys, fixture.settings().expiration(true).build(),
						(event) -> published.add(((LockExpiredEvent) event).getResource()))) {
					worker.start();
					await().until(() -> lost.get() == 1);
					await().atMost(Duration.ofSeconds(10)).until(() -> !published.isEmpty());
					await().until(() -> unacked(fixture, partition) == 0);
					assertThat(published).containsExactly("x");
				}
			}
			finally {
				cut.destroy();
				direct.destroy();
			}
		}
	}

	/** A call whose script is not loaded fails first. */
	private static void loadScripts(LockyFixture fixture) {
		new TestClaims(fixture).claim(fixture.scripts(), 1, Duration.ofSeconds(1));
	}

	private static long unacked(LockyFixture fixture, LockyPartition partition) {
		return Objects.requireNonNull(fixture.redis().opsForZSet().zCard(partition.unacked()));
	}

}
