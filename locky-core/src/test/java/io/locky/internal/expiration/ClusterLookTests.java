package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.locky.internal.lock.TestAttempts;
import io.locky.internal.redis.LookInterval;
import io.locky.testing.CommandCount;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(120)
class ClusterLookTests {

	private static TestCluster cluster;

	private static LettuceConnectionFactory connections;

	@BeforeAll
	static void startCluster() {
		cluster = new TestCluster();
		connections = cluster.connect();
	}

	@AfterAll
	static void stopCluster() {
		connections.destroy();
		cluster.close();
	}

	/** There is one look in this time, which finds a deadline in each partition. */
	@Test
	void idleInstanceCausesAtMostThirtyCommandsASecond() {
		int seconds = 9;
		try (LockyFixture fixture = new LockyFixture(connections)) {
			List<String> resources = IntStream.range(0, 600).mapToObj((i) -> "article:" + i).toList();
			assertThat(fixture.template(Duration.ofMinutes(5)).lockAll(resources, "ann")).isTrue();
			fixture.start(fixture.settings().expiration(true).ttl(Duration.ofMinutes(5)).build());
			await().until(fixture::isSubscribed);
			pass(Duration.ofSeconds(2));
			long before = CommandCount.executed(connections);
			pass(Duration.ofSeconds(seconds));
			assertThat(CommandCount.executed(connections) - before).isBetween(1L, 30L * seconds);
		}
	}

	@Test
	void leaseOfAnIntervalIsPublishedInTimeWithoutHints() {
		try (LockyFixture fixture = new LockyFixture(connections);
				LookFixture worker = new LookFixture(fixture, connections, fixture.keys())) {
			TestAttempts attempts = new TestAttempts(fixture.scripts(), fixture.keys());
			Duration ttl = LookInterval.of(fixture.keys());
			for (int i = 0; i < 9; i++) {
				attempts.acquire("r" + i, "ann", ttl);
				pass(Duration.ofMillis(700));
			}
			await().atMost(ttl.multipliedBy(3)).until(() -> worker.lags().size() == 9);
			assertThat(worker.medianLag()).isLessThan(500);
		}
	}

	private static void pass(Duration time) {
		await().pollDelay(time).atMost(Duration.ofSeconds(30)).until(() -> true);
	}

}
