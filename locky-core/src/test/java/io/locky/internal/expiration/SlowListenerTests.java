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
	void claimBehindTooSlowListenerIsLeftToOtherInstances() {
		expire("a", "b", "c");
		ExpiryDispatcher slow = dispatcher((event) -> {
			this.published.add(event);
			this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos());
		});
		dispatchDue(slow);
		assertThat(this.published).extracting(LockExpiredEvent::getResource).containsExactly("a");
		slow.settle();
		assertThat(slow.isBusy()).isFalse();
		await().until(() -> {
			dispatchDue(dispatcher(this.published::add));
			return this.published.size() == 3;
		});
		assertThat(this.published).extracting(LockExpiredEvent::getResource).containsExactly("a", "b", "c");
	}

	@Test
	void abandonedClaimOfTheSameInstanceIsPublishedOnce() {
		expire("a", "b");
		Queue<Runnable> tasks = new ArrayDeque<>();
		ExpiryDispatcher dispatcher = dispatcher(publisher((event) -> {
			if (this.published.isEmpty()) {
				this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos());
			}
			this.published.add(event);
		}, tasks::add));
		dispatcher.dispatchDue();
		runAll(tasks);
		assertThat(this.published).extracting(LockExpiredEvent::getResource).containsExactly("a");
		await().until(() -> this.fixture.scripts().run(dispatcher.peek()) == 0);
		dispatcher.dispatchDue();
		runAll(tasks);
		assertThat(this.published).extracting(LockExpiredEvent::getResource).containsExactly("a", "b");
		dispatcher.dispatchDue();
		assertThat(dispatcher.isBusy()).isFalse();
		assertThat(unacked()).isZero();
	}

	@Test
	void abandonedGroupClaimPublishesNoExpiryTwice() {
		expire(IntStream.range(0, 60).mapToObj(Integer::toString).toArray(String[]::new));
		Queue<Runnable> tasks = new ArrayDeque<>();
		ExpiryDispatcher slow = dispatcher(publisher(this.published::add, tasks::add));
		slow.dispatchDue();
		IntStream.range(0, 10).forEach((i) -> tasks.remove().run());
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos());
		runAll(tasks);
		assertThat(this.published).hasSize(10);
		slow.settle();
		assertThat(slow.isBusy()).isFalse();
		ExpiryDispatcher other = dispatcher(this.published::add);
		await().until(() -> {
			dispatchDue(other);
			return unacked() == 0;
		});
		assertThat(this.published).extracting(LockExpiredEvent::getResource).hasSize(60).doesNotHaveDuplicates();
	}

	private static void runAll(Queue<Runnable> tasks) {
		while (!tasks.isEmpty()) {
			tasks.remove().run();
		}
	}

	@Test
	void abandonedPublisherPublishesNoMore() {
		expire("a", "b");
		List<Runnable> tasks = new ArrayList<>();
		ExpiryPublisher publisher = publisher(this.published::add, tasks::add);
		dispatchDue(dispatcher(publisher));
		assertThat(tasks).hasSize(2);
		tasks.get(0).run();
		publisher.abandon();
		tasks.get(1).run();
		assertThat(this.published).hasSize(1);
	}

	@Test
	void claimBehindSlowListenerIsExtendedAndPublishedOnce() throws Exception {
		expire("a", "b");
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryPublisher.threads(1);
		ExpiryDispatcher dispatcher = dispatcher(publisher((event) -> {
			awaitQuietly(slow);
			this.published.add(event);
		}, oneThread));
		dispatchDue(dispatcher);
		double claimed = retryTimeOf("b");
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		await().pollDelay(Duration.ofMillis(30)).until(() -> true);
		dispatcher.settle();
		assertThat(retryTimeOf("b")).isGreaterThanOrEqualTo(claimed + 30);
		assertThat(retryTimeOf("a")).isLessThan(claimed + 30);
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		slow.countDown();
		await().until(() -> {
			dispatcher.settle();
			return !dispatcher.isBusy();
		});
		oneThread.shutdown();
		assertThat(this.published).extracting(LockExpiredEvent::getResource).containsExactly("a", "b");
		assertThat(this.fixture.allKeys()).containsExactly(this.fixture.prefix() + "fence");
	}

	@Test
	void slowListenerDelaysOnlyItsOwnResource() {
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService threads = ExpiryPublisher.threads(2);
		Map<String, Integer> received = new ConcurrentHashMap<>();
		ExpiryDispatcher dispatcher = dispatcher(publisher((event) -> {
			if ("slow".equals(event.getResource())) {
				awaitQuietly(slow);
			}
			received.merge(event.getResource(), 1, Integer::sum);
		}, threads));
		expire("slow");
		dispatchDue(dispatcher);
		expire("slow", "a", "b", "c");
		dispatchDue(dispatcher);
		await().until(() -> received.size() == 3);
		assertThat(received).doesNotContainKey("slow");
		slow.countDown();
		await().until(() -> received.getOrDefault("slow", 0) == 2);
		threads.shutdown();
	}

	@Test
	void atMostThousandExpiriesAreClaimedAhead() {
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryPublisher.threads(1);
		ExpiryDispatcher dispatcher = dispatcher(publisher((event) -> awaitQuietly(slow), oneThread));
		expire(IntStream.range(0, 1100).mapToObj(Integer::toString).toArray(String[]::new));
		dispatchDue(dispatcher);
		dispatchDue(dispatcher);
		assertThat(dispatchDue(dispatcher)).isNull();
		assertThat(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "unacked")).isEqualTo(1000 / 50);
		assertThat(this.fixture.redis().opsForZSet().zCard(this.fixture.prefix() + "deadlines")).isEqualTo(100);
		slow.countDown();
		oneThread.shutdown();
	}

	@Test
	void groupClaimIsSplitWhenListenerIsSlow() throws Exception {
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryPublisher.threads(1);
		ExpiryDispatcher dispatcher = dispatcher(publisher((event) -> {
			this.published.add(event);
			if (this.published.size() == 30) {
				awaitQuietly(slow);
			}
		}, oneThread));
		expire(IntStream.range(0, 60).mapToObj(Integer::toString).toArray(String[]::new));
		dispatchDue(dispatcher);
		await().until(() -> this.published.size() == 30);
		assertThat(unacked()).isEqualTo(2);
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		dispatcher.settle();
		assertThat(unacked()).isEqualTo(1 + 20 + 10);
		LockExpiredEvent running = this.published.get(29);
		assertThat(retryTimeOf(running.getResource())).isLessThan(retryTimeOf(unpublished()));
		slow.countDown();
		await().until(() -> {
			dispatcher.settle();
			return !dispatcher.isBusy();
		});
		oneThread.shutdown();
		assertThat(this.published).extracting(LockExpiredEvent::getResource).hasSize(60).doesNotHaveDuplicates();
		assertThat(unacked()).isZero();
	}

	/** A resource whose expiry is not published yet. */
	private String unpublished() {
		Set<String> resources = this.published.stream().map(LockExpiredEvent::getResource).collect(Collectors.toSet());
		return IntStream.range(0, 60)
			.mapToObj(Integer::toString)
			.filter((resource) -> !resources.contains(resource))
			.findFirst()
			.orElseThrow();
	}

}
