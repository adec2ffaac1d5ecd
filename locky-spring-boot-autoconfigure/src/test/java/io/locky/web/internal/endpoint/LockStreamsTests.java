package io.locky.web.internal.endpoint;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.locky.core.LockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockLostEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.web.LockCaller;
import io.locky.web.LockHolderView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class LockStreamsTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final LockCaller ANN = new LockCaller("ann", null);

	private static final LockCaller BOB = new LockCaller("bob", null);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final LockStreams streams = streams(LockHolderView.everything());

	@BeforeEach
	void start() {
		this.streams.start();
	}

	@AfterEach
	void stop() {
		this.streams.stop();
		this.executor.shutdownNow();
		this.fixture.close();
	}

	private LockStreams streams(LockHolderView view) {
		return streams(view, Duration.ofMinutes(1));
	}

	private LockStreams streams(LockHolderView view, Duration heartbeat) {
		LockyTemplate locks = this.fixture.template(null);
		LockAnswers answers = new LockAnswers(view);
		LockEndpoint endpoint = new LockEndpoint(EndpointLocks.blocking(locks),
				new PrefixAccessPolicy(List.of("article:")), answers, new EndpointSettings(Duration.ofSeconds(30), 10),
				new SameLimits(10, 1000), null);
		return new LockStreams(endpoint, answers, new LockStreams.Settings(100, heartbeat, false));
	}

	@Test
	void slowSubscriberBlocksNoOtherAndGetsMissed() {
		Output slow = new Output(true);
		Output quick = new Output(false);
		open(ANN).writeTo(slow);
		open(BOB).writeTo(quick);
		for (int round = 1; round <= 5; round++) {
			IntStream.range(0, 100).forEach(this::publish);
			int count = 1 + round * 100;
			await().atMost(TIMEOUT).until(() -> quick.names.size() >= count);
		}
		assertThat(quick.names).hasSize(501).doesNotContain("missed");
		slow.release.countDown();
		await().atMost(TIMEOUT).until(() -> slow.names.contains("missed"));
		assertThat(slow.names.size()).isLessThanOrEqualTo(257);
	}

	@Test
	void goneSubscriberIsForgottenAtTheNextEvent() {
		LockStream stream = open(ANN);
		Output broken = new Output(false);
		stream.writeTo(broken);
		await().atMost(TIMEOUT).until(() -> broken.names.contains("ready"));
		broken.gone = true;
		publish(1);
		await().atMost(TIMEOUT).until(() -> this.streams.size() == 0 && broken.ended.getCount() == 0);
	}

	@Test
	void missedEventsAreSentAndLostHandlesAreNot() {
		Output output = new Output(false);
		open(ANN).writeTo(output);
		this.streams.onApplicationEvent(new LockLostEvent(this, "article:1", "ann", 1, Instant.now()));
		this.streams.onApplicationEvent(new LockEventsMissedEvent(this));
		await().atMost(TIMEOUT).until(() -> output.names.size() == 2);
		assertThat(output.names).containsExactly("ready", "missed");
	}

	@Test
	void failingViewSendsMissedToSubscribers() {
		LockStreams failing = streams((lock) -> {
			throw new IllegalStateException("A view that fails on purpose");
		});
		failing.start();
		Output output = new Output(false);
		failing.open(ANN, null, List.of("article:1"), this.executor).writeTo(output);
		failing.onApplicationEvent(new LockAcquiredEvent(this, "article:1", "ann", 1, Instant.now()));
		await().atMost(TIMEOUT).until(() -> output.names.contains("missed"));
		failing.stop();
	}

	@Test
	void oneUserLeavesRoomForOthers() {
		for (int i = 0; i < 50; i++) {
			open(ANN);
		}
		assertThatExceptionOfType(EndpointProblem.class).isThrownBy(() -> open(ANN))
			.matches((ex) -> ex.getStatusCode().value() == 503);
		open(BOB);
	}

	@Test
	void userAtTheLimitGetsAStreamOnceClosedOnesAreNoticed() {
		Output closed = new Output(false);
		for (int i = 0; i < 50; i++) {
			open(ANN).writeTo(closed);
		}
		await().atMost(TIMEOUT).until(() -> closed.names.size() >= 50);
		closed.gone = true;
		assertThatExceptionOfType(EndpointProblem.class).isThrownBy(() -> open(ANN))
			.matches((ex) -> "1".equals(ex.getHeaders().getFirst("Retry-After")));
		await().atMost(TIMEOUT).until(() -> this.streams.size() == 0);
		open(ANN);
	}

	@Test
	void publishingThreadOnlyHandsOver() {
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		LockStreams watched = streams((lock) -> {
			threads.add(Thread.currentThread());
			return Map.of();
		});
		watched.start();
		Output output = new Output(false);
		watched.open(ANN, null, List.of("article:1"), (write) -> {
			threads.add(Thread.currentThread());
			this.executor.execute(write);
		}).writeTo(output);
		await().atMost(TIMEOUT).until(() -> output.names.contains("ready"));
		threads.clear();
		watched.onApplicationEvent(new LockAcquiredEvent(this, "article:1", "ann", 1, Instant.now()));
		await().atMost(TIMEOUT).until(() -> output.names.contains("acquired"));
		assertThat(threads).isNotEmpty().doesNotContain(Thread.currentThread());
		watched.stop();
	}

	@Test
	void noStreamOpensAfterTheStop() {
		this.streams.stop();
		assertThatExceptionOfType(EndpointProblem.class).isThrownBy(() -> open(ANN));
	}

	@Test
	void stopEndsStreamsOfSlowSubscribersToo() {
		Output slow = new Output(true);
		open(ANN).writeTo(slow);
		this.streams.stop();
		assertThat(this.streams.isRunning()).isFalse();
		assertThat(this.streams.size()).isZero();
		slow.release.countDown();
		await().atMost(TIMEOUT).until(() -> slow.ended.getCount() == 0);
	}

	@Test
	void idleStreamIsKeptAliveAfterARestart() {
		LockStreams restarted = streams(LockHolderView.everything(), Duration.ofMillis(20));
		restarted.start();
		restarted.stop();
		restarted.start();
		Output output = new Output(false);
		restarted.open(ANN, null, List.of("article:1"), this.executor).writeTo(output);
		await().atMost(TIMEOUT).until(() -> output.names.contains("alive"));
		restarted.stop();
		await().atMost(TIMEOUT).until(() -> output.ended.getCount() == 0);
		assertThat(restarted.size()).isZero();
	}

	private LockStream open(LockCaller caller) {
		return this.streams.open(caller, null, List.of("article:1"), this.executor);
	}

	private void publish(long fence) {
		this.streams.onApplicationEvent(new LockAcquiredEvent(this, "article:1", "ann", fence, Instant.now()));
	}

	/** Collects the names of the events that a client gets. */
	private static final class Output implements LockStream.Output {

		private final List<String> names = new CopyOnWriteArrayList<>();

		private final CountDownLatch release;

		private final CountDownLatch ended = new CountDownLatch(1);

		private volatile boolean gone;

		Output(boolean slow) {
			this.release = new CountDownLatch(slow ? 1 : 0);
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void send(StreamEvent event) throws IOException {
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			if (this.gone) {
				throw new IOException("Broken pipe");
			}
			this.names.add(event.name());
		}

		@Override
		public void end() {
			this.ended.countDown();
		}

	}

}
