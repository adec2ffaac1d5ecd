package io.locky.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEventPublisher;
import io.locky.redis.DrainReply;
import io.locky.redis.LockyCalls;
import io.locky.redis.LockyPartition;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExpiryTellerTests {

	private static final Duration ACK_TIMEOUT = Duration.ofMillis(400);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyCalls calls = new LockyCalls(this.fixture.keys());

	private final LockyPartition partition = this.fixture.keys().partitions().get(0);

	private final List<LockExpiredEvent> told = new ArrayList<>();

	private final AtomicLong nanoTime = new AtomicLong();

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void claimOfAnInstanceThatDiedComesBack() {
		expire("x");
		assertThat(drainAndDie().claims()).hasSize(1);
		ExpiryTeller survivor = teller(this.told::add);
		assertThat(tellDue(survivor)).isBetween(Duration.ofMillis(1), ACK_TIMEOUT);
		assertThat(this.told).isEmpty();
		await().until(() -> {
			tellDue(survivor);
			return !this.told.isEmpty();
		});
		assertThat(this.told).singleElement().returns("x", LockExpiredEvent::getResource);
		assertThat(tellDue(survivor)).isNull();
		assertThat(this.fixture.allKeys()).containsExactly(this.fixture.prefix() + "fence");
	}

	@Test
	void expiriesAreToldInTheOrderOfTheirDeadlines() {
		expire("b", "a", "c");
		tellDue(teller(this.told::add));
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("b", "a", "c");
	}

	@Test
	void claimsBehindAListenerThatIsTooSlowAreLeftToOthers() {
		expire("a", "b", "c");
		ExpiryTeller slow = teller((event) -> {
			this.told.add(event);
			this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos());
		});
		tellDue(slow);
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("a");
		await().until(() -> {
			tellDue(teller(this.told::add));
			return this.told.size() == 3;
		});
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("a", "b", "c");
	}

	@Test
	void abandonedRunTellsNoMore() {
		expire("a", "b");
		tellDue(teller(this.told::add), () -> !this.told.isEmpty());
		assertThat(this.told).hasSize(1);
	}

	@Test
	void listenerThatInterruptsItsThreadKeepsNobodyFromHearing() {
		expire("a", "b");
		tellDue(teller((event) -> {
			this.told.add(event);
			Thread.currentThread().interrupt();
		}));
		assertThat(this.told).hasSize(2);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void claimsBehindASlowListenerAreProlonged() {
		expire("a", "b");
		List<Double> comebacks = new ArrayList<>();
		ExpiryTeller slow = teller((event) -> {
			comebacks.add(comebackOf("b"));
			this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
			await().pollDelay(Duration.ofMillis(30)).until(() -> true);
		});
		tellDue(slow);
		assertThat(comebacks).hasSize(2);
		assertThat(comebacks.get(1)).isGreaterThanOrEqualTo(comebacks.get(0) + 30);
	}

	@Test
	void emptyIndexHasNoNextDeadline() {
		this.fixture.template(null).lock("endless", 1);
		assertThat(tellDue(teller(this.told::add))).isNull();
	}

	@Test
	void nextDeadlineIsTold() {
		this.fixture.template(Duration.ofSeconds(47)).lock("x", 1);
		assertThat(tellDue(teller(this.told::add))).isBetween(Duration.ofSeconds(40), Duration.ofMillis(47_001));
	}

	private @Nullable Duration tellDue(ExpiryTeller teller) {
		return tellDue(teller, () -> false);
	}

	private @Nullable Duration tellDue(ExpiryTeller teller, BooleanSupplier abandoned) {
		return teller.tellDue(abandoned);
	}

	private DrainReply drainAndDie() {
		return DrainReply.of(this.fixture.scripts().run(this.calls.drain(this.partition, 100, ACK_TIMEOUT)));
	}

	private double comebackOf(String resource) {
		return this.fixture.redis()
			.opsForZSet()
			.rangeWithScores(this.fixture.prefix() + "unacked", 0, -1)
			.stream()
			.filter((claim) -> String.valueOf(claim.getValue()).startsWith("[\"%s\"".formatted(resource)))
			.mapToDouble((claim) -> Objects.requireNonNull(claim.getScore()))
			.sum();
	}

	private ExpiryTeller teller(Consumer<LockExpiredEvent> listener) {
		LockyEventPublisher publisher = new LockyEventPublisher((event) -> listener.accept((LockExpiredEvent) event));
		return new ExpiryTeller(this.fixture.scripts(), this.calls, this.partition, publisher, ACK_TIMEOUT,
				this.nanoTime::get);
	}

	private void expire(String... resources) {
		LockyTemplate locks = this.fixture.template(null);
		Duration ttl = Duration.ofMillis(5);
		for (String resource : resources) {
			locks.lock(LockRequest.of(resource).by(1).ttl(ttl));
			// No two deadlines in one millisecond: those have no order.
			ttl = ttl.plusMillis(1);
		}
		await().until(() -> locks.getLocker(resources[resources.length - 1]) == null);
	}

}
