package io.locky.internal.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.locky.testing.CapturedLog;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class LockySignalsTests {

	private static final String CHANNEL = "test:signals";

	@Test
	void interruptedCallerSubscribesAndStaysInterrupted() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				LockySignals signals = fixture.newSignals()) {
			Thread.currentThread().interrupt();
			signals.subscribe();
			assertThat(Thread.interrupted()).isTrue();
			await().until(signals::isSubscribed);
		}
	}

	@Test
	void stoppedSubscriptionBeginsAgain() {
		AtomicInteger subscriptions = new AtomicInteger();
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				LockySignals signals = fixture.newSignals()) {
			signals.addListener(counting(subscriptions));
			signals.subscribe();
			await().until(() -> signals.isSubscribed() && subscriptions.get() == 1);
			signals.stop();
			assertThat(signals.isSubscribed()).isFalse();
			await().until(() -> subscribers(fixture) == 0);
			signals.subscribe();
			await().until(() -> signals.isSubscribed() && subscriptions.get() == 2);
			assertThat(subscribers(fixture)).isEqualTo(1);
		}
	}

	@Test
	void attemptsGoOnAfterAnError() {
		AtomicInteger attempts = new AtomicInteger();
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", redis.port()) {
				@Override
				public RedisConnection getConnection() {
					if (attempts.incrementAndGet() < 4) {
						throw new OutOfMemoryError("made up");
					}
					return super.getConnection();
				}
			};
			connections.afterPropertiesSet();
			connections.start();
			try (LockySignals signals = new LockySignals(connections, CHANNEL)) {
				signals.subscribe();
				await().atMost(Duration.ofSeconds(20)).until(signals::isSubscribed);
				assertThat(attempts).hasValue(4);
			}
			connections.destroy();
		}
	}

	@Test
	void lostSubscriptionOfLettuceIsRestored() {
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofSeconds(5));
			assertLostSubscriptionIsRestored(redis, connections);
			connections.destroy();
		}
	}

	@Test
	void lostSubscriptionOfJedisIsRestored() {
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			JedisConnectionFactory connections = new JedisConnectionFactory(
					new RedisStandaloneConfiguration("127.0.0.1", redis.port()));
			connections.afterPropertiesSet();
			connections.start();
			assertLostSubscriptionIsRestored(redis, connections);
			connections.destroy();
		}
	}

	private static void assertLostSubscriptionIsRestored(EmbeddedRedis redis, RedisConnectionFactory connections) {
		AtomicInteger subscriptions = new AtomicInteger();
		try (CapturedLog log = new CapturedLog(); LockySignals signals = new LockySignals(connections, CHANNEL)) {
			signals.addListener(counting(subscriptions));
			signals.subscribe();
			await().until(signals::isSubscribed);
			for (int i = 2; i < 4; i++) {
				int next = i;
				killSubscriptions(redis);
				await().atMost(Duration.ofSeconds(20))
					.until(() -> signals.isSubscribed() && subscriptions.get() == next);
			}
			redis.stop();
			redis.restart();
			await().atMost(Duration.ofSeconds(30)).until(() -> signals.isSubscribed() && subscriptions.get() == 4);
			signals.stop();
			await().until(() -> threads() == 0);
			assertThat(log.stackTraces()).isEmpty();
			assertThat(log.messages(Level.ERROR)).isEmpty();
			assertThat(log.messages(Level.WARN)).isEmpty();
		}
	}

	private static void killSubscriptions(EmbeddedRedis redis) {
		try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + redis.port());
				StatefulRedisConnection<String, String> connection = client.connect()) {
			connection.sync().clientKill(KillArgs.Builder.typePubsub());
		}
	}

	private static SignalListener counting(AtomicInteger subscriptions) {
		return new SignalListener() {
			@Override
			public void subscribed() {
				subscriptions.incrementAndGet();
			}
		};
	}

	private static long subscribers(LockyFixture fixture) {
		return fixture.redis().convertAndSend(fixture.keys().signals(), "deadline");
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("locky-signals"))
			.count();
	}

}
