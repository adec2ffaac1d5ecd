package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

/**
 * A template without Spring Boot: created, started and closed by its user, or as a bean.
 */
@Timeout(60)
class LockyTemplateLifecycleTests {

	private static final Duration TTL = Duration.ofSeconds(2);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final Set<Thread> threadsBefore = lockyThreads();

	private final LockyTemplate locks = new LockyTemplate(this.fixture.redis(), settings(this.fixture.prefix()),
			this.fixture.publisher());

	@AfterEach
	void closeFixture() {
		this.locks.close();
		this.fixture.close();
	}

	static LockySettings settings(String prefix) {
		return LockySettings.builder().prefix(prefix).ttl(TTL).broadcast(true).build();
	}

	@Test
	void startedTemplatePublishesExpiries() {
		this.locks.start();
		assertThat(this.locks.isRunning()).isTrue();
		assertExpiryIsPublished("x");
	}

	@Test
	void templateThatIsNotStartedLocksButPublishesNoExpiry() {
		assertThat(this.locks.isRunning()).isFalse();
		assertThat(this.locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(50)))).isTrue();
		await().until(() -> this.locks.getLocker("x") == null);
		await().during(Duration.ofSeconds(1))
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.fixture.events(LockExpiredEvent.class).isEmpty());
	}

	@Test
	void startedTemplateRenewsHandles() {
		this.locks.start();
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		await().during(TTL.multipliedBy(3)).atMost(Duration.ofSeconds(20)).until(handle::isValid);
		assertThat(this.locks.find("x").orElseThrow().fence()).isEqualTo(handle.fence());
		assertThat(handle.release()).isTrue();
	}

	@Test
	void handleOfATemplateThatIsNotStartedIsRenewedAndReported() {
		assertLateHandleIsRenewedAndReported();
		await().untilAsserted(() -> assertThat(newThreads()).isEmpty());
	}

	@Test
	void handleOfAStoppedTemplateIsRenewedUntilItIsClosed() {
		this.locks.start();
		this.locks.stop();
		assertLateHandleIsRenewedAndReported();
		LockHandle handle = acquire(LockRequest.of("y").by("ann").ttl(Duration.ofMinutes(5)).autoRenew());
		this.locks.close();
		assertThat(handle.isValid()).isFalse();
		assertThat(this.fixture.template(null).getLocker("y")).isNull();
	}

	private void assertLateHandleIsRenewedAndReported() {
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		await().during(TTL.multipliedBy(3)).atMost(Duration.ofSeconds(20)).until(handle::isValid);
		this.fixture.redis().delete(this.fixture.lockKey("x"));
		await().until(() -> !this.fixture.events(LockLostEvent.class).isEmpty());
		assertThat(handle.isValid()).isFalse();
	}

	@Test
	void closedTemplateRefusesHandlesThatItCannotRenew() {
		this.locks.start();
		this.locks.close();
		assertThatIllegalStateException()
			.isThrownBy(() -> this.locks.tryLock(LockRequest.of("x").by("ann").autoRenew()))
			.withMessageContaining("without autoRenew()");
		assertThat(this.locks.getLocker("x")).isNull();
		assertThat(this.locks.lock("x", "ann")).isTrue();
		assertThat(acquire(LockRequest.of("y").by("ann")).release()).isTrue();
		assertThat(this.locks.unlock("x", "ann")).isTrue();
	}

	@Test
	void closedTemplateReleasesItsRenewedHandles() {
		this.locks.start();
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		acquire(LockRequest.of("y").by("ann").ttl(Duration.ofMinutes(5)));
		this.locks.close();
		assertThat(handle.isValid()).isFalse();
		LockyTemplate others = this.fixture.template(null);
		assertThat(others.getLocker("x")).isNull();
		assertThat(others.getLocker("y")).isEqualTo("ann");
	}

	@Test
	void closedTemplateLeavesNoThread() {
		this.locks.start();
		assertExpiryIsPublished("x");
		acquire(LockRequest.of("y").by("ann").autoRenew());
		assertThat(this.locks.tryLock(LockRequest.of("y").by("bob").waitUpTo(Duration.ofMillis(50))))
			.isInstanceOf(LockAttempt.Denied.class);
		this.locks.lock(LockRequest.of("y").by("chief").force());
		await().until(() -> !this.fixture.events(LockLostEvent.class).isEmpty());
		assertThat(newThreads()).extracting(Thread::getName).anyMatch((name) -> name.startsWith("locky-expiration"));
		this.locks.close();
		assertThat(this.locks.isRunning()).isFalse();
		await().untilAsserted(() -> assertThat(newThreads()).isEmpty());
	}

	@Test
	void closedTemplateDoesNotSubscribeAgain() {
		this.locks.start();
		this.locks.lock("x", "ann");
		this.locks.close();
		LockRequest waiting = LockRequest.of("x").by("bob").waitUpTo(Duration.ofMillis(50));
		assertThat(this.locks.tryLock(waiting)).isInstanceOf(LockAttempt.Denied.class);
		assertThat(this.locks.runtime().isSubscribed()).isFalse();
	}

	@Test
	void closedTemplateCannotBeStartedAgain() {
		this.locks.start();
		this.locks.close();
		assertThatIllegalStateException().isThrownBy(this.locks::start)
			.withMessage("A closed LockyTemplate cannot be started again: create a new one");
	}

	@Test
	void closingATemplateTwiceIsHarmless() {
		this.locks.start();
		this.locks.lock("x", "ann");
		this.locks.close();
		assertThatNoException().isThrownBy(this.locks::close);
		assertThatNoException().isThrownBy(this.locks::stop);
		assertThat(this.locks.isRunning()).isFalse();
	}

	@Test
	void stoppedTemplateWorksWhenItIsStartedAgain() {
		this.locks.start();
		assertExpiryIsPublished("first");
		this.locks.stop();
		assertThat(this.locks.isRunning()).isFalse();
		await().untilAsserted(() -> assertThat(newThreads()).isEmpty());
		this.locks.start();
		assertThat(this.locks.isRunning()).isTrue();
		assertExpiryIsPublished("second");
		LockHandle handle = acquire(LockRequest.of("x").by("ann").autoRenew());
		await().during(TTL.multipliedBy(2)).atMost(Duration.ofSeconds(20)).until(handle::isValid);
	}

	@Test
	void startingATemplateTwiceStartsItOnce() {
		this.locks.start();
		this.locks.start();
		assertThat(newThreads()).extracting(Thread::getName).containsOnlyOnce("locky-expiration", "locky-renewer");
	}

	@Test
	void templateIsTheOnlyBeanThatAContextNeeds() {
		LockyTemplate bean;
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getBeanFactory().registerSingleton("prefix", this.fixture.prefix());
			context.register(Application.class);
			context.refresh();
			bean = context.getBean(LockyTemplate.class);
			assertThat(bean.isRunning()).isTrue();
			assertThat(bean.lock("x", "ann")).isTrue();
			await().until(() -> context.getBean(Application.class).expired.equals(List.of("x")));
		}
		assertThat(bean.isRunning()).isFalse();
		await().untilAsserted(() -> assertThat(newThreads()).isEmpty());
	}

	private void assertExpiryIsPublished(String resource) {
		assertThat(this.locks.lock(LockRequest.of(resource).by("ann").ttl(Duration.ofMillis(50)))).isTrue();
		await().until(() -> this.fixture.events(LockExpiredEvent.class)
			.stream()
			.anyMatch((event) -> resource.equals(event.getResource())));
	}

	private LockHandle acquire(LockRequest request) {
		return ((LockAttempt.Acquired) this.locks.tryLock(request)).handle();
	}

	private Set<Thread> newThreads() {
		Set<Thread> threads = lockyThreads();
		threads.removeAll(this.threadsBefore);
		return threads;
	}

	private static Set<Thread> lockyThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("locky-"))
			.collect(Collectors.toSet());
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		private final List<String> expired = new CopyOnWriteArrayList<>();

		@Bean
		LockyTemplate locks(String prefix, ApplicationEventPublisher publisher) {
			return new LockyTemplate(new StringRedisTemplate(TestRedis.connectionFactory()), settings(prefix),
					publisher);
		}

		@EventListener
		void on(LockExpiredEvent event) {
			this.expired.add(event.getResource());
		}

	}

}
