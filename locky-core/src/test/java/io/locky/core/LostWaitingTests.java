package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.testing.DocumentedUser;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.RestrictedRedis;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Waiters whose answers and messages get lost.
 */
@Timeout(90)
class LostWaitingTests {

	private static final LockRequest REQUEST = LockRequest.of("x").by("bob").waitUpTo(Duration.ofMinutes(1));

	@Test
	void waiterWhoseAnswerGotLostIsServedAndLeavesNothing() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start(); RedisProxy proxy = new RedisProxy(redis.port())) {
			LettuceConnectionFactory wire = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofSeconds(5));
			LettuceConnectionFactory direct = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofSeconds(5));
			try (LockyFixture fixture = new LockyFixture(wire, direct)) {
				LockyTemplate locks = fixture.template(null);
				locks.lock("x", "ann");
				await().until(() -> subscribe(locks, fixture));
				proxy.cutAnswer(":waiting", () -> {
				});
				CompletableFuture<LockAttempt> waiter = locks.tryLockAsync(REQUEST);
				await().until(() -> entries(fixture).size() == 2);
				locks.unlock("x", "ann");
				assertThat(waiter.get(30, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
				await().until(() -> {
					locks.unlock("x");
					locks.lock("x", "carl");
					return entries(fixture).isEmpty();
				});
			}
			finally {
				wire.destroy();
				direct.destroy();
			}
		}
	}

	/** Its waiter comes and goes. */
	private static boolean subscribe(LockyTemplate locks, LockyFixture fixture) {
		locks.lock(LockRequest.of("x").by("bob").waitUpTo(Duration.ofMillis(1)));
		return fixture.isSubscribed() && entries(fixture).isEmpty();
	}

	@Test
	void waiterWithoutASubscriptionIsServedByItsTimer() throws Exception {
		List<String> rules = DocumentedUser.rules().stream().filter((rule) -> !rule.equals("+subscribe")).toList();
		try (RestrictedRedis redis = RestrictedRedis.start();
				LockyFixture fixture = new LockyFixture(redis.connectAs(rules), redis.admin())) {
			LockyTemplate locks = fixture.template(null);
			locks.lock("x", "ann");
			CompletableFuture<LockAttempt> waiter = locks.tryLockAsync(REQUEST);
			await().until(() -> entries(fixture).size() == 1);
			locks.unlock("x", "ann");
			assertThat(waiter.get(30, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
			assertThat(fixture.isSubscribed()).isFalse();
			assertThat(entries(fixture)).isEmpty();
		}
	}

	@Test
	void releaseByAnEarlierVersionWakesTheFirstWaiter() throws Exception {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyTemplate locks = fixture.template(null);
			locks.lock("x", "ann");
			CompletableFuture<LockAttempt> waiter = locks.tryLockAsync(REQUEST);
			await().until(() -> entries(fixture).size() == 1 && fixture.isSubscribed());
			fixture.redis().delete(List.of(fixture.lockKey("x"), fixture.key("x", "records")));
			fixture.redis().convertAndSend(fixture.keys().signals(), "released:x");
			assertThat(waiter.get(30, TimeUnit.SECONDS)).isInstanceOf(LockAttempt.Acquired.class);
		}
	}

	private static Set<String> entries(LockyFixture fixture) {
		return fixture.redis().opsForZSet().range(fixture.key("x", "waiting"), 0, -1);
	}

}
