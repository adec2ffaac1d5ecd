package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import io.locky.event.LockExpiredEvent;
import io.locky.internal.lock.TestAttempts;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The system has no thread left when one is needed.
 */
class ThreadStartTests extends ExpiryDispatcherFixture {

	private final AtomicInteger left = new AtomicInteger();

	private final ThreadFactory factory = (task) -> {
		if (this.left.getAndDecrement() <= 0) {
			throw new OutOfMemoryError("unable to create native thread, on purpose");
		}
		return DaemonThreads.named("test-").newThread(task);
	};

	private final ExecutorService threads = ExpiryPublisher.threads(2, this.factory);

	@AfterEach
	void endThreads() {
		this.threads.shutdownNow();
	}

	@Test
	void expiriesWaitForAThreadInTheirOrderAndAreNotExtended() {
		try (CapturedLog log = new CapturedLog()) {
			expire("a", "b");
			ExpiryDispatcher dispatcher = dispatcher(publisher(this.published::add, this.threads));
			dispatchDue(dispatcher);
			double claimed = retryTimeOf("a");
			this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
			dispatchDue(dispatcher);
			assertThat(retryTimeOf("a")).isEqualTo(claimed);
			expire("c");
			assertThat(dispatchDue(dispatcher)).isNull();
			assertThat(unacked()).as("nothing more is claimed").isEqualTo(2);
			this.left.set(1);
			await().until(() -> {
				dispatchDue(dispatcher);
				return this.published.size() == 3 && !dispatcher.isBusy();
			});
			assertThat(this.published).extracting(LockExpiredEvent::getResource).containsExactly("a", "b", "c");
			assertThat(unacked()).isZero();
			assertThat(log.messages(Level.WARN)).singleElement().asString().contains("no thread can be started");
		}
	}

	@Test
	void withoutAThreadAnotherInstancePublishes() {
		expire("a");
		expire(IntStream.range(0, 60).mapToObj((i) -> "x" + i).toArray(String[]::new));
		ExpiryDispatcher dispatcher = dispatcher(publisher(this.published::add, this.threads));
		dispatchDue(dispatcher);
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		dispatchDue(dispatcher);
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		dispatchDue(dispatcher);
		assertThat(dispatcher.isBusy()).isFalse();
		ExpiryDispatcher other = dispatcher(this.published::add);
		await().until(() -> {
			dispatchDue(other);
			return unacked() == 0;
		});
		assertThat(this.published).extracting(LockExpiredEvent::getResource).hasSize(61).doesNotHaveDuplicates();
	}

	@Test
	void oneThreadIsEnough() {
		this.left.set(1);
		expire("a", "b", "c", "d");
		ExpiryDispatcher dispatcher = dispatcher(publisher(this.published::add, this.threads));
		dispatchDue(dispatcher);
		await().until(() -> this.published.size() == 4);
	}

	@Test
	void partitionsAreCheckedWithoutAThread() {
		LockyKeys keys = LockyKeys.ofCluster(this.fixture.prefix());
		TestAttempts attempts = new TestAttempts(this.fixture.scripts(), keys);
		IntStream.range(0, 5).forEach((i) -> attempts.acquire("r" + i, "ann", Duration.ofMillis(1)));
		await().until(() -> attempts.find(List.of("r0")).isEmpty());
		ConcurrentLinkedQueue<LockExpiredEvent> received = new ConcurrentLinkedQueue<>();
		ExpiryPublisher publisher = publisher(received::add, Runnable::run);
		ExpiryCommands commands = new ExpiryCommands(keys, "worker");
		List<ExpiryDispatcher> dispatchers = keys.partitions()
			.stream()
			.map((partition) -> new ExpiryDispatcher(this.fixture.scripts(), commands, partition, publisher,
					ACK_TIMEOUT, this.nanoTime::get))
			.toList();
		ExpirySchedule schedule = new ExpirySchedule(dispatchers.size(), Duration.ofMinutes(1), System::nanoTime);
		try (DuePartitions partitions = new DuePartitions(this.fixture.scripts(), dispatchers, schedule,
				this.factory)) {
			await().until(() -> {
				schedule.look(Duration.ZERO);
				partitions.dispatchDue();
				return received.size() == 5;
			});
		}
	}

}
