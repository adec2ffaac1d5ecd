package io.locky.expiration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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
		slow.settle();
		assertThat(slow.isBusy()).isFalse();
		await().until(() -> {
			tellDue(teller(this.told::add));
			return this.told.size() == 3;
		});
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("a", "b", "c");
	}

	@Test
	void abandonedRunTellsNoMore() {
		expire("a", "b");
		List<Runnable> tasks = new ArrayList<>();
		ExpiryListeners listeners = listeners(this.told::add, tasks::add);
		tellDue(teller(listeners));
		assertThat(tasks).hasSize(2);
		tasks.get(0).run();
		listeners.abandon();
		tasks.get(1).run();
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
	void claimsBehindASlowListenerAreProlongedAndToldOnce() throws Exception {
		expire("a", "b");
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryListeners.threads(1);
		ExpiryTeller teller = teller(listeners((event) -> {
			awaitQuietly(slow);
			this.told.add(event);
		}, oneThread));
		tellDue(teller);
		double claimed = comebackOf("b");
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		await().pollDelay(Duration.ofMillis(30)).until(() -> true);
		teller.settle();
		assertThat(comebackOf("b")).isGreaterThanOrEqualTo(claimed + 30);
		assertThat(comebackOf("a")).isLessThan(claimed + 30);
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		slow.countDown();
		await().until(() -> {
			teller.settle();
			return !teller.isBusy();
		});
		oneThread.shutdown();
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("a", "b");
		assertThat(this.fixture.allKeys()).containsExactly(this.fixture.prefix() + "fence");
	}

	@Test
	void slowListenerKeepsOnlyItsOwnResourceWaiting() {
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService threads = ExpiryListeners.threads(2);
		Map<String, Integer> heard = new ConcurrentHashMap<>();
		ExpiryTeller teller = teller(listeners((event) -> {
			if ("slow".equals(event.getResource())) {
				awaitQuietly(slow);
			}
			heard.merge(event.getResource(), 1, Integer::sum);
		}, threads));
		expire("slow");
		tellDue(teller);
		expire("slow", "a", "b", "c");
		tellDue(teller);
		await().until(() -> heard.size() == 3);
		assertThat(heard).doesNotContainKey("slow");
		slow.countDown();
		await().until(() -> heard.getOrDefault("slow", 0) == 2);
		threads.shutdown();
	}

	@Test
	void noMoreThanAThousandAreClaimedAhead() {
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryListeners.threads(1);
		ExpiryTeller teller = teller(listeners((event) -> awaitQuietly(slow), oneThread));
		expire(IntStream.range(0, 1100).mapToObj(Integer::toString).toArray(String[]::new));
		tellDue(teller);
		tellDue(teller);
		assertThat(tellDue(teller)).isNull();
		assertThat(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "unacked")).isEqualTo(1000);
		assertThat(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "deadlines")).isEqualTo(100);
		slow.countDown();
		oneThread.shutdown();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
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
		Duration next = teller.tellDue();
		teller.settle();
		return next;
	}

	private DrainReply drainAndDie() {
		return DrainReply.of(this.fixture.scripts().run(this.calls.drain(this.partition, 100, ACK_TIMEOUT)));
	}

	private double comebackOf(String resource) {
		return this.fixture.redis()
			.opsForZSet()
			.rangeWithScores(this.fixture.prefix() + "unacked", 0, -1)
			.stream()
			.filter((claim) -> String.valueOf(claim.getValue()).startsWith(resource + "\n"))
			.mapToDouble((claim) -> Objects.requireNonNull(claim.getScore()))
			.sum();
	}

	private ExpiryTeller teller(Consumer<LockExpiredEvent> listener) {
		return teller(listeners(listener, Runnable::run));
	}

	private ExpiryTeller teller(ExpiryListeners listeners) {
		return new ExpiryTeller(this.fixture.scripts(), this.calls, this.partition, listeners, ACK_TIMEOUT,
				this.nanoTime::get);
	}

	private static ExpiryListeners listeners(Consumer<LockExpiredEvent> listener, Executor threads) {
		LockyEventPublisher publisher = new LockyEventPublisher((event) -> listener.accept((LockExpiredEvent) event));
		return new ExpiryListeners(publisher, threads, () -> {
		});
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
