package io.locky.web.internal.endpoint;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

	private static final Duration PATIENCE = Duration.ofSeconds(20);

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
		LockyTemplate locks = this.fixture.template(null);
		LockAnswers answers = new LockAnswers(view);
		LockEndpoint endpoint = new LockEndpoint(locks, new PrefixAccessPolicy(List.of("article:")), answers,
				Duration.ofSeconds(30));
		return new LockStreams(endpoint, answers, new StreamSettings(100, Duration.ofMinutes(1), false));
	}

	@Test
	void slowSubscriberHoldsUpNobodyAndReadsAnew() {
		Output slow = new Output(true);
		Output quick = new Output(false);
		open(ANN).writeTo(slow);
		open(BOB).writeTo(quick);
		for (int round = 1; round <= 5; round++) {
			IntStream.range(0, 100).forEach(this::tell);
			int count = 1 + round * 100;
			await().atMost(PATIENCE).until(() -> quick.names.size() >= count);
		}
		assertThat(quick.names).hasSize(501).doesNotContain("missed");
		slow.release.countDown();
		await().atMost(PATIENCE).until(() -> slow.names.contains("missed"));
		assertThat(slow.names.size()).isLessThanOrEqualTo(257);
	}

	@Test
	void subscriberWhoIsGoneIsForgottenAtTheNextEvent() {
		LockStream stream = open(ANN);
		Output broken = new Output(false);
		stream.writeTo(broken);
		await().atMost(PATIENCE).until(() -> broken.names.contains("ready"));
		broken.gone = true;
		tell(1);
		await().atMost(PATIENCE).until(() -> this.streams.size() == 0 && broken.ended.getCount() == 0);
	}

	@Test
	void missedEventsAreToldAndLostHandlesAreNot() {
		Output output = new Output(false);
		open(ANN).writeTo(output);
		this.streams.onApplicationEvent(new LockLostEvent(this, "article:1", "ann", 1, Instant.now()));
		this.streams.onApplicationEvent(new LockEventsMissedEvent(this));
		await().atMost(PATIENCE).until(() -> output.names.size() == 2);
		assertThat(output.names).containsExactly("ready", "missed");
	}

	@Test
	void viewThatFailsMakesSubscribersReadAnew() {
		LockStreams failing = streams((lock) -> {
			throw new IllegalStateException("A view that fails on purpose");
		});
		failing.start();
		Output output = new Output(false);
		failing.open(ANN, List.of("article:1"), this.executor).writeTo(output);
		failing.onApplicationEvent(new LockAcquiredEvent(this, "article:1", "ann", 1, Instant.now()));
		await().atMost(PATIENCE).until(() -> output.names.contains("missed"));
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
	void nothingOpensBeforeTheStartAndAfterTheStop() {
		this.streams.stop();
		assertThatExceptionOfType(EndpointProblem.class).isThrownBy(() -> open(ANN));
	}

	private LockStream open(LockCaller caller) {
		return this.streams.open(caller, List.of("article:1"), this.executor);
	}

	private void tell(long fence) {
		this.streams.onApplicationEvent(new LockAcquiredEvent(this, "article:1", "ann", fence, Instant.now()));
	}

	/** What a reader gets. */
	private static final class Output implements StreamOutput {

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
