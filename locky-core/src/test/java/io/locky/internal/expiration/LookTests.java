package io.locky.internal.expiration;

import java.time.Duration;
import java.util.stream.LongStream;

import io.locky.internal.lock.TestAttempts;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LookInterval;
import io.locky.testing.CommandCount;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class LookTests {

	private final EmbeddedRedis redis = EmbeddedRedis.start();

	private final LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", this.redis.port(),
			Duration.ofSeconds(10));

	private final LockyFixture fixture = new LockyFixture(this.connections);

	private final LockyKeys many = LockyKeys.ofCluster(this.fixture.prefix());

	@AfterEach
	void stopRedis() {
		this.fixture.close();
		this.connections.destroy();
		this.redis.close();
	}

	@Test
	void leaseOfAnIntervalIsPublishedInTimeWithoutHints() {
		Duration ttl = LookInterval.of(this.fixture.keys());
		TestAttempts attempts = new TestAttempts(this.fixture.scripts(), this.fixture.keys());
		try (LookFixture worker = new LookFixture(this.fixture, this.connections, this.fixture.keys())) {
			for (int i = 0; i < 15; i++) {
				attempts.acquire("r" + i, "ann", ttl);
				pass(Duration.ofMillis(67));
			}
			await().until(() -> worker.lags().size() == 15);
			assertThat(worker.medianLag()).isLessThan(100);
		}
	}

	/** On a busy machine, some of them end before they are adopted. */
	@Test
	void adoptedLockIsPublishedInTimeWithoutHints() {
		LockyKeys keys = LockyKeys.of(this.fixture.prefix()).withNpmInterop();
		LockyPartition partition = keys.partitions().get(0);
		try (LookFixture worker = new LookFixture(this.fixture, this.connections, keys)) {
			for (int i = 0; i < 15; i++) {
				String key = partition.lock("r" + i);
				this.fixture.redis().opsForValue().set(key, "john", Duration.ofMillis(700));
				this.fixture.redis().opsForSet().add(partition.npmIndex(), key);
				pass(Duration.ofMillis(67));
			}
			await().until(() -> worker.lags().size() >= 10);
			assertThat(worker.medianLag()).isLessThan(100);
		}
	}

	@Test
	void hintOfAShortLeaseIsFollowed() {
		TestAttempts attempts = new TestAttempts(this.fixture.scripts(), this.many);
		try (LookFixture worker = new LookFixture(this.fixture, this.connections, this.many)) {
			awaitRest();
			for (int i = 0; i < 5; i++) {
				attempts.acquire("r" + i, "ann", Duration.ofMillis(300 + i));
				worker.hint("deadline:" + (301 + i) + ":" + this.many.partitionOf("r" + i).deadlines());
			}
			await().atMost(Duration.ofSeconds(5)).until(() -> worker.lags().size() == 5);
		}
	}

	@Test
	void hintOfAnEarlierVersionIsFollowed() {
		TestAttempts attempts = new TestAttempts(this.fixture.scripts(), this.many);
		try (LookFixture worker = new LookFixture(this.fixture, this.connections, this.many)) {
			awaitRest();
			attempts.acquire("x", "ann", Duration.ofMillis(300));
			worker.hint("deadline");
			await().atMost(Duration.ofSeconds(5)).until(() -> worker.lags().size() == 1);
		}
	}

	@Test
	void hintThatIsLaterThanTheNextLookCostsNoScript() {
		try (LookFixture worker = new LookFixture(this.fixture, this.connections, this.many)) {
			awaitRest();
			long before = CommandCount.sent(this.connections);
			LongStream.range(0, 500)
				.forEach(
						(i) -> worker.hint("deadline:" + (9500 + i) + ":" + this.many.partitions().get(5).deadlines()));
			worker.hint("deadline:0:another:{5}:deadlines");
			pass(Duration.ofSeconds(1));
			assertThat(CommandCount.sent(this.connections) - before).isZero();
		}
	}

	@Test
	void hintCostsALookAtItsPartitionOnly() {
		try (LookFixture worker = new LookFixture(this.fixture, this.connections, this.many)) {
			awaitRest();
			long before = CommandCount.sent(this.connections);
			worker.hint("deadline:0:" + this.many.partitions().get(5).deadlines());
			pass(Duration.ofSeconds(1));
			assertThat(CommandCount.sent(this.connections) - before).isEqualTo(1);
		}
	}

	/** Until the looks at the start and after the subscription are over. */
	private void awaitRest() {
		long[] last = { -1 };
		await().pollInterval(Duration.ofMillis(1500)).until(() -> {
			long before = last[0];
			last[0] = CommandCount.sent(this.connections);
			return last[0] == before;
		});
	}

	private static void pass(Duration time) {
		await().pollDelay(time).atMost(Duration.ofSeconds(30)).until(() -> true);
	}

}
