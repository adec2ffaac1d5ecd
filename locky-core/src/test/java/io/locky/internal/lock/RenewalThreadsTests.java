package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.locky.LockHandle;
import io.locky.core.LockyTemplate;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockyKeys;
import io.locky.metrics.LockyMetrics.LossReason;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Renewals and losses while the system cannot start a thread.
 */
@Timeout(60)
class RenewalThreadsTests {

	private static final LockyEventPublisher NOBODY = new LockyEventPublisher((event) -> {
	});

	@Test
	void allPartitionsAreRenewedWhileNoThreadCanBeStarted() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyKeys keys = LockyKeys.ofCluster(fixture.prefix());
			LockyTemplate locks = fixture.start(keys, fixture.settings().ttl(Duration.ofMillis(900)).build(),
					fixture.publisher());
			ServerClock real = new ServerClock(keys, System::nanoTime);
			Leases leases = leases(fixture, keys);
			Renewals renewals = new Renewals();
			AtomicInteger started = new AtomicInteger();
			ThreadFactory one = (task) -> {
				if (started.incrementAndGet() > 1) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				return DaemonThreads.named("locky-renewal-").newThread(task);
			};
			LossDispatcher losses = new LossDispatcher(NOBODY, real, DaemonThreads.named("locky-lost-"));
			LockHandles handles = new LockHandles(leases, renewals, losses, real, () -> {
			});
			LockRenewer renewer = new LockRenewer(renewals, leases, keys, losses, real, Duration.ofSeconds(1), one);
			renewer.start();
			List<LockHandle> held = Stream.of("a", "b", "c", "d", "e").map((name) -> {
				long sent = System.nanoTime();
				locks.lock(name, "ann");
				Grant grant = new Grant(name, locks.find(name).orElseThrow().fence(), Instant.now(),
						Duration.ofMillis(900), null, 0, false);
				return handles.create(grant, "ann", sent, Duration.ofMillis(300), false);
			}).toList();
			renewer.wake();
			await().during(Duration.ofSeconds(2))
				.atMost(Duration.ofSeconds(20))
				.until(() -> held.stream().allMatch(LockHandle::isValid));
			assertThat(started).hasValueGreaterThan(1);
			renewer.stop();
		}
	}

	@Test
	void lossIsPublishedOnceThereIsAThreadForIt() {
		List<ApplicationEvent> events = new CopyOnWriteArrayList<>();
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			ServerClock clock = new ServerClock(fixture.keys(), System::nanoTime);
			AtomicInteger failures = new AtomicInteger(3);
			LossDispatcher losses = new LossDispatcher(
					new LockyEventPublisher((event) -> events.add((ApplicationEvent) event)), clock, (task) -> {
						if (failures.getAndDecrement() > 0) {
							throw new OutOfMemoryError("unable to create native thread");
						}
						return DaemonThreads.named("locky-lost-").newThread(task);
					});
			LockHandles handles = new LockHandles(leases(fixture, fixture.keys()), new Renewals(), losses, clock,
					() -> {
					});
			((FencedLockHandle) handles.create(new Grant("x", 7, Instant.now(), Duration.ofSeconds(9), null, 0, false),
					"ann", System.nanoTime(), null, false))
				.markLost(LossReason.GONE);
			losses.retry();
			losses.retry();
			assertThat(events).isEmpty();
			losses.retry();
			await().until(() -> !events.isEmpty());
		}
	}

	private static Leases leases(LockyFixture fixture, LockyKeys keys) {
		return TestReleases.leases(fixture.scripts(), keys);
	}

}
