package io.locky.internal.expiration;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.locky.event.LockExpiredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SlowListenerTests extends ExpiryDispatcherFixture {

	@Test
	void claimsBehindAListenerThatIsTooSlowAreLeftToOthers() {
		expire("a", "b", "c");
		ExpiryDispatcher slow = teller((event) -> {
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
	void claimThatComesBackToTheSameInstanceIsToldAndWhatWasToldIsNot() {
		expire("a", "b");
		Queue<Runnable> tasks = new ArrayDeque<>();
		ExpiryDispatcher teller = teller(listeners((event) -> {
			if (this.told.isEmpty()) {
				this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos());
			}
			this.told.add(event);
		}, tasks::add));
		teller.tellDue();
		runAll(tasks);
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("a");
		await().until(() -> this.fixture.scripts().run(teller.peek()) == 0);
		teller.tellDue();
		runAll(tasks);
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("a", "b");
		teller.tellDue();
		assertThat(teller.isBusy()).isFalse();
		assertThat(unacked()).isZero();
	}

	@Test
	void whatWasToldOfAClaimOfManyThatIsLeftIsNotToldAgain() {
		expire(IntStream.range(0, 60).mapToObj(Integer::toString).toArray(String[]::new));
		Queue<Runnable> tasks = new ArrayDeque<>();
		ExpiryDispatcher slow = teller(listeners(this.told::add, tasks::add));
		slow.tellDue();
		IntStream.range(0, 10).forEach((i) -> tasks.remove().run());
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos());
		runAll(tasks);
		assertThat(this.told).hasSize(10);
		slow.settle();
		assertThat(slow.isBusy()).isFalse();
		ExpiryDispatcher other = teller(this.told::add);
		await().until(() -> {
			tellDue(other);
			return unacked() == 0;
		});
		assertThat(this.told).extracting(LockExpiredEvent::getResource).hasSize(60).doesNotHaveDuplicates();
	}

	private static void runAll(Queue<Runnable> tasks) {
		while (!tasks.isEmpty()) {
			tasks.remove().run();
		}
	}

	@Test
	void abandonedRunTellsNoMore() {
		expire("a", "b");
		List<Runnable> tasks = new ArrayList<>();
		ExpiryPublisher listeners = listeners(this.told::add, tasks::add);
		tellDue(teller(listeners));
		assertThat(tasks).hasSize(2);
		tasks.get(0).run();
		listeners.abandon();
		tasks.get(1).run();
		assertThat(this.told).hasSize(1);
	}

	@Test
	void claimsBehindASlowListenerAreProlongedAndToldOnce() throws Exception {
		expire("a", "b");
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryPublisher.threads(1);
		ExpiryDispatcher teller = teller(listeners((event) -> {
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
		ExecutorService threads = ExpiryPublisher.threads(2);
		Map<String, Integer> heard = new ConcurrentHashMap<>();
		ExpiryDispatcher teller = teller(listeners((event) -> {
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
		ExecutorService oneThread = ExpiryPublisher.threads(1);
		ExpiryDispatcher teller = teller(listeners((event) -> awaitQuietly(slow), oneThread));
		expire(IntStream.range(0, 1100).mapToObj(Integer::toString).toArray(String[]::new));
		tellDue(teller);
		tellDue(teller);
		assertThat(tellDue(teller)).isNull();
		assertThat(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "unacked")).isEqualTo(1000 / 50);
		assertThat(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "deadlines")).isEqualTo(100);
		slow.countDown();
		oneThread.shutdown();
	}

	@Test
	void claimOfManyIsDividedWhenAListenerIsSlow() throws Exception {
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryPublisher.threads(1);
		ExpiryDispatcher teller = teller(listeners((event) -> {
			this.told.add(event);
			if (this.told.size() == 30) {
				awaitQuietly(slow);
			}
		}, oneThread));
		expire(IntStream.range(0, 60).mapToObj(Integer::toString).toArray(String[]::new));
		tellDue(teller);
		await().until(() -> this.told.size() == 30);
		assertThat(unacked()).isEqualTo(2);
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		teller.settle();
		assertThat(unacked()).isEqualTo(1 + 20 + 10);
		LockExpiredEvent atWork = this.told.get(29);
		assertThat(comebackOf(atWork.getResource())).isLessThan(comebackOf(leastTold()));
		slow.countDown();
		await().until(() -> {
			teller.settle();
			return !teller.isBusy();
		});
		oneThread.shutdown();
		assertThat(this.told).extracting(LockExpiredEvent::getResource).hasSize(60).doesNotHaveDuplicates();
		assertThat(unacked()).isZero();
	}

	/** One that nobody has heard of yet. */
	private String leastTold() {
		Set<String> heard = this.told.stream().map(LockExpiredEvent::getResource).collect(Collectors.toSet());
		return IntStream.range(0, 60)
			.mapToObj(Integer::toString)
			.filter((resource) -> !heard.contains(resource))
			.findFirst()
			.orElseThrow();
	}

}
