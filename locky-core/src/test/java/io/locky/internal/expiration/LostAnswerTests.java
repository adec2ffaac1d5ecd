package io.locky.internal.expiration;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.ExpiryClaim.Expiry;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.RedisProxy.Fault;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A dispatcher that does not get the answer to a script that has run.
 */
class LostAnswerTests {

	private static final Duration ACK_TIMEOUT = Duration.ofMinutes(1);

	private final List<String> published = new CopyOnWriteArrayList<>();

	private final AtomicLong nanoTime = new AtomicLong();

	private EmbeddedRedis redis;

	private RedisProxy proxy;

	private LettuceConnectionFactory direct;

	private LettuceConnectionFactory wire;

	private LockyFixture fixture;

	private LockyPartition partition;

	@BeforeEach
	void start() throws Exception {
		this.redis = EmbeddedRedis.start();
		this.proxy = new RedisProxy(this.redis.port());
		this.direct = TestRedis.connect("127.0.0.1", this.redis.port(), Duration.ofSeconds(5));
		this.wire = TestRedis.connect("127.0.0.1", this.proxy.port(), Duration.ofMillis(600));
		this.fixture = new LockyFixture(this.direct);
		this.partition = this.fixture.keys().partitions().get(0);
		loadScripts();
	}

	/** The first answer to a script that is not loaded says so, and nothing has run. */
	private void loadScripts() {
		ScriptRunner scripts = this.fixture.scripts();
		ExpiryClaim claim = new ExpiryClaim("[]", List.of());
		scripts.run(commands().claim(this.partition, 1, List.of(), ACK_TIMEOUT, false));
		scripts.run(commands().split(this.partition, claim, new TreeMap<>()));
		scripts.run(commands().acknowledge(this.partition, List.of(claim)));
	}

	@AfterEach
	void stop() throws Exception {
		this.fixture.close();
		this.wire.destroy();
		this.direct.destroy();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void lostClaimComesWithTheNextAnswer() {
		ExpiryDispatcher dispatcher = dispatcher(publisher(Runnable::run));
		dispatcher.dispatchDue();
		expire(3);
		loseAnswer(dispatcher::dispatchDue);
		assertThat(unacked()).isEqualTo(3);
		assertThat(dispatcher.isIncomplete()).isTrue();
		dispatcher.dispatchDue();
		assertThat(this.published).containsExactlyInAnyOrder("x0", "x1", "x2");
		dispatcher.dispatchDue();
		dispatcher.settle();
		assertThat(this.published).hasSize(3);
		assertThat(unacked()).isZero();
	}

	@Test
	void lostAcknowledgementPublishesNothingAgain() {
		ExpiryDispatcher dispatcher = dispatcher(publisher(Runnable::run));
		expire(3);
		dispatcher.dispatchDue();
		assertThat(unacked()).isEqualTo(3);
		loseAnswer(dispatcher::settle);
		assertThat(unacked()).isZero();
		dispatcher.recover();
		dispatcher.dispatchDue();
		dispatcher.settle();
		assertThat(this.published).hasSize(3);
		assertThat(unacked()).isZero();
		assertThat(dispatcher.isBusy()).isFalse();
	}

	/**
	 * The single claims come back while the deliveries of their group are under way: one
	 * is running, and others have ended meanwhile.
	 */
	@Test
	void lostSplitPublishesNothingAgain() {
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService oneThread = ExpiryPublisher.threads(1);
		ExpiryDispatcher dispatcher = dispatcher(publisher((task) -> oneThread.execute(() -> {
			if (this.published.size() == 10) {
				ExpiryDispatcherFixture.awaitQuietly(slow);
			}
			task.run();
		})));
		expire(60);
		dispatcher.dispatchDue();
		await().until(() -> this.published.size() == 10);
		this.nanoTime.addAndGet(ACK_TIMEOUT.toNanos() / 2);
		assertThat(unacked()).isEqualTo(2);
		loseAnswer(dispatcher::settle);
		assertThat(unacked()).isEqualTo(1 + 40);
		dispatcher.dispatchDue();
		slow.countDown();
		await().until(() -> {
			dispatcher.dispatchDue();
			return !dispatcher.isBusy();
		});
		oneThread.shutdown();
		assertThat(this.published).hasSize(60).doesNotHaveDuplicates();
		assertThat(unacked()).isZero();
	}

	/** Its handover comes after the worker has found, published and acknowledged it. */
	@Test
	void lateHandoverPublishesNothingAgain() {
		ExpiryDispatcher dispatcher = dispatcher(publisher(Runnable::run));
		ExpiryClaim claim = new ExpiryClaim("[[\"x\",\"1718000000000\"],[\"ann\"],[\"7\"],\"worker\"]",
				List.of(new Expiry("x", "ann", 7, Instant.ofEpochMilli(1718000000000L))));
		this.fixture.redis()
			.opsForZSet()
			.add(this.partition.unacked(), claim.text(), System.currentTimeMillis() + ACK_TIMEOUT.toMillis());
		long sent = this.nanoTime.get();
		this.nanoTime.addAndGet(1);
		dispatcher.recover();
		dispatcher.dispatchDue();
		dispatcher.settle();
		assertThat(unacked()).isZero();
		dispatcher.accept(claim, sent);
		dispatcher.dispatchDue();
		dispatcher.dispatchDue();
		assertThat(this.published).containsExactly("x");
	}

	@Test
	void claimsOfOthersStayWithThem() {
		expire(3);
		ExpiryCommands other = new ExpiryCommands(this.fixture.keys(), "other");
		assertThat(this.fixture.scripts().run(other.claim(this.partition, 2, List.of(), ACK_TIMEOUT, false)).claims())
			.hasSize(2);
		ExpiryDispatcher dispatcher = dispatcher(publisher(Runnable::run));
		dispatcher.recover();
		dispatcher.dispatchDue();
		assertThat(this.published).hasSize(1);
		assertThat(unacked()).isEqualTo(3);
	}

	@Test
	void slowAnswerIsCheckedOnceASecond() {
		List<Runnable> tasks = new ArrayList<>();
		ExpiryPublisher publisher = publisher(tasks::add);
		AtomicLong steps = new AtomicLong();
		ExpiryDispatcher dispatcher = new ExpiryDispatcher(new ScriptRunner(this.direct), commands(), this.partition,
				publisher, ACK_TIMEOUT, () -> steps.addAndGet(Duration.ofMillis(50).toNanos()));
		assertThat(dispatcher.isIncomplete()).isFalse();
		dispatcher.dispatchDue();
		assertThat(dispatcher.isIncomplete()).isTrue();
		expire(1);
		String lost = "[[\"lost\",\"1718000000000\"],[\"ann\"],[\"7\"],\"worker\"]";
		this.fixture.redis()
			.opsForZSet()
			.add(this.partition.unacked(), lost, System.currentTimeMillis() + ACK_TIMEOUT.toMillis());
		dispatcher.dispatchDue();
		assertThat(tasks).hasSize(2);
		dispatcher.dispatchDue();
		assertThat(dispatcher.isIncomplete()).isFalse();
		steps.addAndGet(Duration.ofSeconds(2).toNanos());
		assertThat(dispatcher.isIncomplete()).isTrue();
	}

	private void loseAnswer(Runnable work) {
		this.proxy.next(Fault.DELAY);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(work::run);
	}

	private ExpiryDispatcher dispatcher(ExpiryPublisher publisher) {
		return new ExpiryDispatcher(new ScriptRunner(this.wire), commands(), this.partition, publisher, ACK_TIMEOUT,
				this.nanoTime::get);
	}

	private ExpiryCommands commands() {
		return new ExpiryCommands(this.fixture.keys(), "worker");
	}

	private ExpiryPublisher publisher(Executor threads) {
		LockyEventPublisher events = new LockyEventPublisher(
				(event) -> this.published.add(((LockExpiredEvent) event).getResource()));
		return new ExpiryPublisher(events, threads, () -> {
		});
	}

	private void expire(int count) {
		LockyTemplate locks = this.fixture.template(null);
		List<String> resources = IntStream.range(0, count).mapToObj((i) -> "x" + i).toList();
		resources.forEach((resource) -> locks.lock(LockRequest.of(resource).by("ann").ttl(Duration.ofMillis(5))));
		await().until(() -> locks.findAll(resources).isEmpty());
	}

	private long unacked() {
		return this.fixture.redis().opsForZSet().zCard(this.partition.unacked());
	}

}
