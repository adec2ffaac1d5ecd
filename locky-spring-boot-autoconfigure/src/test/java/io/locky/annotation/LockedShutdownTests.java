package io.locky.annotation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.event.LockLostEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that is closed while code runs that locks protect.
 */
@Timeout(60)
class LockedShutdownTests {

	private static final Duration TTL = Duration.ofMillis(900);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate others = this.fixture.template(TTL);

	private final AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();

	private final CompletableFuture<LockyTemplate> locks = new CompletableFuture<>();

	private final Events events = new Events();

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	@AfterEach
	void closeAll() {
		this.goOn.countDown();
		this.application.close();
		this.fixture.close();
	}

	@Test
	void runningMethodKeepsItsLockUntilItEnds() {
		start("locky.shutdown-timeout=30s");
		CompletableFuture<Void> work = runMethod();
		CompletableFuture<Void> closed = TestThreads.run(this.application::close);
		assertOthersAreDenied();
		this.goOn.countDown();
		work.join();
		assertThat(this.others.getLocker("job")).isNull();
		closed.join();
		assertThat(this.events.of(LockLostEvent.class)).isEmpty();
		assertThat(this.events.of(LockReleasedEvent.class)).hasSize(1);
	}

	@Test
	void unfinishedFutureKeepsItsLockUntilItEnds() {
		start("locky.shutdown-timeout=30s");
		CompletableFuture<String> work = new CompletableFuture<>();
		CompletableFuture<String> result = this.application.getBean(Work.class).later(work);
		CompletableFuture<Void> closed = TestThreads.run(this.application::close);
		assertOthersAreDenied();
		work.complete("done");
		assertThat(result.join()).isEqualTo("done");
		assertThat(this.others.getLocker("job")).isNull();
		closed.join();
		assertThat(this.events.of(LockLostEvent.class)).isEmpty();
	}

	@Test
	void lossIsPublishedBeforeTheLeaseEndsIfTheMethodTakesTooLong() {
		start("locky.shutdown-timeout=100ms");
		CompletableFuture<Void> work = runMethod();
		this.events.onLost = () -> this.others.getLocker("job");
		this.application.close();
		assertThat(this.events.of(LockLostEvent.class)).singleElement().returns("job", LockLostEvent::getResource);
		assertThat(this.events.seen).hasValueSatisfying((locker) -> assertThat(locker).startsWith("Work.run/"));
		assertThat(this.events.of(LockReleasedEvent.class)).isEmpty();
		await().until(() -> this.others.getLocker("job") == null);
		assertThat(work).isNotDone();
	}

	@Test
	void handleThatIsKeptIsInvalidBeforeItsLeaseEnds() {
		start("locky.shutdown-timeout=100ms");
		LockHandle handle = acquire(LockRequest.of("job").by("ann").autoRenew().keepOnShutdown());
		AtomicReference<String> seen = new AtomicReference<>();
		handle.onLost(() -> seen.set(handle.isValid() + " " + this.others.getLocker("job")));
		this.application.close();
		assertThat(seen).hasValue("false ann");
		assertThat(this.events.of(LockReleasedEvent.class)).isEmpty();
	}

	@Test
	void idleHandleIsInvalidBeforeOthersCanAcquireItsLock() {
		start("locky.shutdown-timeout=30s");
		LockHandle handle = acquire(LockRequest.of("job").by("ann").ttl(Duration.ofMinutes(5)).autoRenew());
		AtomicReference<String> seen = new AtomicReference<>();
		handle.onLost(() -> seen.set(handle.isValid() + " " + this.others.getLocker("job")));
		this.application.close();
		assertThat(seen).hasValue("false ann");
		assertThat(this.events.of(LockLostEvent.class)).hasSize(1);
		assertThat(this.others.getLocker("job")).isNull();
	}

	@Test
	void runningMethodDoesNotDelayOtherBeansOfThePhase() {
		start("locky.shutdown-timeout=30s");
		runMethod();
		Neighbour before = this.application.getBean("before", Neighbour.class);
		Neighbour after = this.application.getBean("after", Neighbour.class);
		CompletableFuture<Void> closed = TestThreads.run(this.application::close);
		await().until(() -> !before.isRunning() && !after.isRunning());
		assertThat(this.others.getLocker("job")).isNotNull();
		this.goOn.countDown();
		closed.join();
	}

	private CompletableFuture<Void> runMethod() {
		CompletableFuture<Void> work = TestThreads
			.run(() -> this.application.getBean(Work.class).run(this.begun, this.goOn));
		await().until(() -> this.begun.getCount() == 0);
		return work;
	}

	private void assertOthersAreDenied() {
		await().until(() -> !this.locks.join().isRunning());
		await().during(TTL.multipliedBy(2))
			.atMost(Duration.ofSeconds(20))
			.until(() -> !this.others.lock("job", "other"));
	}

	private LockHandle acquire(LockRequest request) {
		LockAttempt attempt = this.locks.join().tryLock(request);
		return ((LockAttempt.Acquired) attempt).handle();
	}

	private void start(String property) {
		TestPropertyValues
			.of("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.timeout=5s",
					"spring.data.redis.lettuce.shutdown-timeout=0", "locky.prefix=" + this.fixture.prefix(),
					"locky.ttl=" + TTL.toMillis() + "ms", "locky.expiration.enabled=false", property)
			.applyTo(this.application);
		this.application.register(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class);
		this.application.registerBean("before", Neighbour.class);
		this.application.registerBean(Work.class);
		this.application.registerBean(Events.class, () -> this.events);
		this.application.registerBean("after", Neighbour.class);
		this.application.refresh();
		this.locks.complete(this.application.getBean(LockyTemplate.class));
	}

	static class Work {

		@Locked(value = "job", ttl = "900ms", onLost = OnLost.LOG)
		void run(CountDownLatch begun, CountDownLatch goOn) {
			begun.countDown();
			await().atMost(Duration.ofSeconds(50)).until(() -> goOn.getCount() == 0);
		}

		@Locked(value = "job", ttl = "900ms")
		CompletableFuture<String> later(CompletableFuture<String> work) {
			return work;
		}

	}

	static class Events {

		private final List<LockyEvent> all = new CopyOnWriteArrayList<>();

		private final AtomicReference<String> seen = new AtomicReference<>();

		private volatile Supplier<String> onLost = () -> "";

		@EventListener
		void on(LockyEvent event) {
			if (event instanceof LockLostEvent) {
				this.seen.set(this.onLost.get());
			}
			this.all.add(event);
		}

		<T extends LockyEvent> List<T> of(Class<T> type) {
			return this.all.stream().filter(type::isInstance).map(type::cast).toList();
		}

	}

	static class Neighbour implements SmartLifecycle {

		private volatile boolean running;

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return DEFAULT_PHASE / 2;
		}

	}

}
