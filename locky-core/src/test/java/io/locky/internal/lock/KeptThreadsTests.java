package io.locky.internal.lock;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.internal.redis.DaemonThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class KeptThreadsTests {

	private final AtomicInteger created = new AtomicInteger();

	private volatile int most = Integer.MAX_VALUE;

	private final ThreadFactory factory = (task) -> {
		if (this.created.get() >= this.most) {
			throw new OutOfMemoryError("unable to create native thread");
		}
		this.created.incrementAndGet();
		return DaemonThreads.named("test-kept-").newThread(task);
	};

	@Test
	void tasksThatBlockDoNotKeepOthersFromRunning() throws InterruptedException {
		KeptThreads threads = new KeptThreads(this.factory, 10);
		CountDownLatch all = new CountDownLatch(10);
		for (int i = 0; i < 10; i++) {
			threads.execute(() -> {
				all.countDown();
				awaitQuietly(all);
			});
		}
		assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void taskWithoutAThreadWaitsForOneThatIsThere() throws InterruptedException {
		KeptThreads threads = new KeptThreads(this.factory, 10);
		threads.keepOne();
		this.most = 1;
		CountDownLatch all = new CountDownLatch(20);
		for (int i = 0; i < 20; i++) {
			threads.execute(all::countDown);
		}
		assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.created).hasValue(1);
	}

	@Test
	void taskWithoutAnyThreadIsKeptForALaterAttempt() throws InterruptedException {
		KeptThreads threads = new KeptThreads(this.factory, 10);
		this.most = 0;
		CountDownLatch all = new CountDownLatch(2);
		threads.execute(all::countDown);
		threads.retry();
		assertThat(all.getCount()).isEqualTo(2);
		this.most = 10;
		threads.execute(all::countDown);
		assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
		threads.retry();
	}

	@Test
	void firstThreadIsRequiredAtTheStart() {
		KeptThreads threads = new KeptThreads(this.factory, 10);
		this.most = 0;
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(threads::keepOne);
	}

	@Test
	void threadOutlivesAnyThrowable() throws InterruptedException {
		KeptThreads threads = new KeptThreads(this.factory, 1);
		threads.keepOne();
		CountDownLatch done = new CountDownLatch(1);
		threads.execute(() -> {
			throw new StackOverflowError("on purpose");
		});
		threads.execute(done::countDown);
		assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.created).hasValue(1);
	}

	@Test
	void moreTasksThanThreadsAllRun() throws InterruptedException {
		KeptThreads threads = new KeptThreads(this.factory, 3);
		CountDownLatch all = new CountDownLatch(500);
		for (int i = 0; i < 500; i++) {
			threads.execute(all::countDown);
		}
		assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.created.get()).isBetween(1, 3);
		threads.keepNone();
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("test-kept-3")));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
