package io.locky.internal.expiration;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.TestAttempts;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExpiryLoopTests {

	@Test
	void failingPartitionDoesNotBlockTheOthers() {
		Queue<String> published = new ConcurrentLinkedQueue<>();
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyKeys keys = LockyKeys.ofCluster(fixture.prefix());
			fixture.redis()
				.opsForValue()
				.set(fixture.prefix() + "{" + keys.partitionOf("r0").number() + "}:deadlines", "broken");
			fixture.start(keys, fixture.settings().expiration(true).build(),
					(event) -> published.add(((LockyEvent) event).getResource()));
			TestAttempts attempts = new TestAttempts(fixture.scripts(), keys);
			for (int i = 1; i < 6; i++) {
				attempts.acquire("r" + i, "ann", Duration.ofMillis(20));
			}
			await().atMost(Duration.ofSeconds(30)).until(() -> published.size() == 5);
			assertThat(published).containsExactlyInAnyOrder("r1", "r2", "r3", "r4", "r5");
		}
	}

	@Test
	void loopGoesOnAfterErrorsAndEndsInSpiteOfThem() {
		AtomicInteger errors = new AtomicInteger();
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", redis.port()) {
				@Override
				public RedisConnection getConnection() {
					if (errors.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
						throw new OutOfMemoryError("made up");
					}
					return super.getConnection();
				}
			};
			connections.afterPropertiesSet();
			connections.start();
			try (LockyFixture fixture = new LockyFixture(connections)) {
				fixture.start(fixture.settings().expiration(true).build());
				TestAttempts attempts = new TestAttempts(fixture.scripts(), fixture.keys());
				for (int i = 1; i < 4; i++) {
					int expiries = i;
					attempts.acquire("r" + i, "ann", Duration.ofMillis(200));
					errors.set(i);
					await().atMost(Duration.ofSeconds(30))
						.until(() -> fixture.events(LockExpiredEvent.class).size() == expiries);
				}
				errors.set(3);
				fixture.closeTemplates();
				errors.set(0);
			}
			connections.destroy();
		}
	}

}
