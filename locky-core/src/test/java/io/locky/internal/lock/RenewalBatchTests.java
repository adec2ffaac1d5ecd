package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.locky.LockHandle;
import io.locky.LockRefresh;
import io.locky.core.LockyTemplate;
import io.locky.event.LockLostEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.lock.Renewals.Renewal;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.metrics.LockyMetrics;
import io.locky.metrics.LockyMetrics.LossReason;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of handles while Redis is away, by a clock that is turned by hand.
 */
class RenewalBatchTests {

	private static final LockyKeys KEYS = LockyKeys.of("test:");

	private static final LockyEventPublisher NOBODY = new LockyEventPublisher((event) -> {
	});

	private final AtomicLong nanoTime = new AtomicLong();

	private final ServerClock clock = new ServerClock(KEYS, this.nanoTime::get);

	@Test
	void validityCountsFromBeforeTheRequestByMonotonicTime() {
		LettuceConnectionFactory nowhere = nowhere();
		try {
			LockHandle handle = handles(leases(nowhere)).create(grant(Duration.ofSeconds(9)), "ann", 0, null, false);
			advance(Duration.ofMillis(8_999));
			assertThat(handle.isValid()).isTrue();
			advance(Duration.ofMillis(1));
			assertThat(handle.isValid()).isFalse();
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void failedRenewalIsRetriedUntilTheLeaseEnds() {
		LettuceConnectionFactory nowhere = nowhere();
		try {
			Leases leases = leases(nowhere);
			LockHandles handles = handles(leases);
			FencedLockHandle handle = (FencedLockHandle) handles.create(grant(Duration.ofSeconds(9)), "ann", 0, null,
					false);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.clock, LockyMetrics.NONE, Runnable::run, () -> {
			});
			List<Renewal> renewals = List.of(new Renewal(handle, 0, Duration.ofSeconds(3).toNanos(), false));
			assertThat(batch.renewDue(renewals)).isEqualTo(Duration.ofSeconds(3));
			advance(Duration.ofSeconds(3));
			assertThat(batch.renewDue(renewals)).isEqualTo(Duration.ofMillis(750));
			assertThat(handle.isHeld()).isTrue();
			advance(Duration.ofSeconds(6));
			batch.renewDue(renewals);
			assertThat(handle.isHeld()).isFalse();
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void leaseThatEndsBeforeTheNextRenewalIsLostOnTime() {
		LettuceConnectionFactory nowhere = nowhere();
		try {
			Leases leases = leases(nowhere);
			FencedLockHandle handle = (FencedLockHandle) handles(leases).create(grant(Duration.ofSeconds(4)), "ann", 0,
					null, false);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.clock, LockyMetrics.NONE, Runnable::run, () -> {
			});
			List<Renewal> renewals = List.of(new Renewal(handle, 0, Duration.ofSeconds(10).toNanos(), false));
			assertThat(batch.renewDue(renewals)).isEqualTo(Duration.ofSeconds(4));
			advance(Duration.ofSeconds(4));
			batch.renewDue(renewals);
			assertThat(handle.isHeld()).isFalse();
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void hangingPartitionDoesNotBlockTheRenewalOfOthers() {
		LettuceConnectionFactory nowhere = nowhere();
		try {
			LockyKeys keys = LockyKeys.ofCluster("test:");
			Leases leases = leases(nowhere);
			LockHandles handles = handles(leases);
			Deque<Runnable> sent = new ArrayDeque<>();
			RenewalBatch batch = new RenewalBatch(leases, keys, this.clock, LockyMetrics.NONE, sent::add, () -> {
			});
			List<Renewal> renewals = Stream.of("x", "y")
				.map((resource) -> new Grant(resource, 7, Instant.now(), Duration.ofSeconds(9), null, 0, false))
				.map((grant) -> (FencedLockHandle) handles.create(grant, "ann", 0, null, false))
				.map((handle) -> new Renewal(handle, 0, Duration.ofSeconds(3).toNanos(), false))
				.toList();
			advance(Duration.ofSeconds(3));
			batch.renewDue(renewals);
			assertThat(sent).hasSize(2);
			sent.remove().run();
			advance(Duration.ofSeconds(1));
			assertThat(batch.renewDue(renewals)).isLessThan(Duration.ofSeconds(1));
			assertThat(sent).hasSize(3);
			advance(Duration.ofSeconds(5));
			batch.renewDue(renewals);
			assertThat(renewals).noneMatch((renewal) -> renewal.handle().isHeld());
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void renewalsWithoutAnAnswerAreSpreadOverTheLease() {
		List<Runnable> sent = new ArrayList<>();
		List<Long> times = new ArrayList<>();
		LettuceConnectionFactory nowhere = nowhere();
		try {
			Leases leases = leases(nowhere);
			FencedLockHandle handle = (FencedLockHandle) handles(leases).create(grant(Duration.ofSeconds(9)), "ann", 0,
					null, false);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.clock, LockyMetrics.NONE, sent::add, () -> {
			});
			List<Renewal> renewals = List.of(new Renewal(handle, 0, Duration.ofSeconds(3).toNanos(), false));
			while (handle.isHeld()) {
				int before = sent.size();
				Duration pause = batch.renewDue(renewals);
				if (sent.size() > before) {
					times.add(Duration.ofNanos(this.nanoTime.get()).toMillis());
				}
				advance(pause);
			}
			assertThat(times).containsExactly(3000L, 3750L, 4500L, 5250L, 6000L, 6750L, 7500L, 8250L);
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void shortLeaseIsRenewedInTimeBesideARenewalOfALongOne() {
		List<Runnable> sent = new ArrayList<>();
		LettuceConnectionFactory nowhere = nowhere();
		try {
			Leases leases = leases(nowhere);
			LockHandles handles = handles(leases);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.clock, LockyMetrics.NONE, sent::add, () -> {
			});
			FencedLockHandle slow = (FencedLockHandle) handles.create(grant(Duration.ofSeconds(300)), "ann", 0, null,
					false);
			FencedLockHandle quick = (FencedLockHandle) handles.create(grant(Duration.ofSeconds(103)), "ann", 0, null,
					false);
			List<Renewal> renewals = List.of(new Renewal(slow, 0, Duration.ofSeconds(100).toNanos(), false),
					new Renewal(quick, Duration.ofSeconds(100).toNanos(), Duration.ofSeconds(1).toNanos(), false));
			advance(Duration.ofSeconds(100));
			Duration pause = batch.renewDue(renewals);
			assertThat(sent).hasSize(1);
			assertThat(pause).isLessThanOrEqualTo(Duration.ofSeconds(1));
			advance(pause);
			batch.renewDue(renewals);
			assertThat(sent).hasSize(2);
			assertThat(quick.isHeld()).isTrue();
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void answeredRenewalMakesRoomForThoseBeforeIt() {
		PendingRenewals pending = new PendingRenewals();
		List<Object> sent = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			sent.add(pending.add(0));
		}
		pending.answered(sent.get(6));
		assertThat(pending.isWaiting()).isTrue();
		pending.failed(sent.get(2));
		pending.answered(sent.get(3));
		pending.failed(sent.get(7));
		assertThat(pending.isWaiting()).isFalse();
		assertThat(pending.nanosUntilNext(0, 3_000_000_000L)).isZero();
	}

	@Test
	void lateAnswerDoesNotUndoThatToALaterRenewal() {
		LettuceConnectionFactory nowhere = nowhere();
		try {
			FencedLockHandle handle = (FencedLockHandle) handles(leases(nowhere)).create(grant(Duration.ofSeconds(9)),
					"ann", 0, null, false);
			Renewal renewal = new Renewal(handle, 0, 3_000, false);
			handle.refreshed(5_000, new LockRefresh(true, Duration.ofNanos(9_000)));
			renewal.succeeded(5_000);
			handle.refreshed(4_000, new LockRefresh(true, Duration.ofNanos(9_000)));
			renewal.succeeded(4_000);
			renewal.failed(4_500, 6_000);
			assertThat(handle.nanosUntilPast(0)).isEqualTo(14_000);
			assertThat(renewal.nanosUntilDue(0)).isEqualTo(8_000);
			handle.refreshed(4_600, new LockRefresh(false, null));
			assertThat(handle.isHeld()).isFalse();
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void lossCarriesTheTimeOfRedis() {
		LettuceConnectionFactory nowhere = nowhere();
		List<LockLostEvent> events = new CopyOnWriteArrayList<>();
		try {
			Instant since = Instant.parse("2020-02-02T20:20:20Z");
			Grant grant = new Grant("x", 7, since, Duration.ofSeconds(9), null, 0, false);
			LossDispatcher losses = new LossDispatcher(
					new LockyEventPublisher((event) -> events.add((LockLostEvent) event)), this.clock,
					DaemonThreads.named("locky-lost-"));
			LockHandles handles = new LockHandles(leases(nowhere), new Renewals(), losses, this.clock, () -> {
			});
			LockHandle handle = handles.create(grant, "ann", 0, Duration.ofSeconds(3), false);
			advance(Duration.ofSeconds(5));
			// Entered again: the grant is older than its lease.
			handles.create(new Grant("x", 7, since, Duration.ofSeconds(9), null, 0, true), "ann", 5_000_000_000L,
					Duration.ofSeconds(3), false);
			((FencedLockHandle) handle).markLost(LossReason.GONE);
			await().until(() -> !events.isEmpty());
			assertThat(events).singleElement().returns(since.plusSeconds(5), LockLostEvent::getOccurredAt);
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void renewalSetsTheClockOfRedis() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			Grant grant = held(fixture, Duration.ofSeconds(30));
			Leases leases = TestReleases.leases(fixture.scripts(), fixture.keys());
			FencedLockHandle handle = (FencedLockHandle) handles(leases).create(grant, "ann", 0, null, false);
			Instant before = TestRedis.time();
			assertThat(handle.refresh()).isTrue();
			Instant after = TestRedis.time();
			assertThat(this.clock.now("x")).isBetween(before, after);
			advance(Duration.ofDays(1));
			assertThat(this.clock.now("x")).isBetween(before.plus(Duration.ofDays(1)), after.plus(Duration.ofDays(1)));
		}
	}

	@Test
	void handleThatArrivesLateIsRefreshedBeforeItsRenewalBegins() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			Grant grant = held(fixture, Duration.ofSeconds(30));
			Leases leases = TestReleases.leases(fixture.scripts(), fixture.keys());
			Renewals renewals = new Renewals();
			RenewalBatch batch = new RenewalBatch(leases, fixture.keys(), this.clock, LockyMetrics.NONE, Runnable::run,
					() -> {
					});
			LockHandles handles = new LockHandles(leases, renewals, losses(), this.clock,
					() -> batch.renewDue(renewals.all()));
			advance(Duration.ofSeconds(40));
			LockHandle handle = handles.create(grant, "ann", 0, Duration.ofSeconds(10), false);
			assertThat(handle.isValid()).isTrue();
			assertThat(renewals.all()).hasSize(1);
		}
	}

	@Test
	void partitionWhoseThreadCannotBeStartedIsTriedAgain() {
		LettuceConnectionFactory nowhere = nowhere();
		try {
			Leases leases = leases(nowhere);
			FencedLockHandle handle = (FencedLockHandle) handles(leases).create(grant(Duration.ofSeconds(9)), "ann", 0,
					null, false);
			Deque<Runnable> started = new ArrayDeque<>();
			AtomicBoolean failing = new AtomicBoolean(true);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.clock, LockyMetrics.NONE, (task) -> {
				if (failing.getAndSet(false)) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				started.add(task);
			}, () -> {
			});
			List<Renewal> renewals = List.of(new Renewal(handle, 0, Duration.ofSeconds(3).toNanos(), false));
			advance(Duration.ofSeconds(3));
			assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> batch.renewDue(renewals));
			batch.renewDue(renewals);
			assertThat(started).hasSize(1);
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void renewerOutlivesAnyThrowable() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			Grant grant = held(fixture, null);
			Leases leases = TestReleases.leases(fixture.scripts(), fixture.keys());
			AtomicInteger calls = new AtomicInteger();
			Renewals renewals = new Renewals();
			renewals
				.add(new Renewal((FencedLockHandle) handles(leases).create(grant, "ann", 0, null, false), 0, 1, false));
			ServerClock failing = new ServerClock(fixture.keys(), () -> {
				if (calls.incrementAndGet() == 1) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				return System.nanoTime();
			});
			LockRenewer renewer = new LockRenewer(renewals, leases, fixture.keys(), losses(), failing,
					Duration.ofSeconds(1), DaemonThreads.named("locky-renewal-"));
			renewer.start();
			await().until(() -> calls.get() > 2);
			renewer.stop();
		}
	}

	/** A grant that Redis has, and the rest of its lease as its reply says. */
	private static Grant held(LockyFixture fixture, @Nullable Duration expiresIn) {
		LockyTemplate locks = fixture.template(null);
		locks.lock("x", "ann");
		return new Grant("x", locks.find("x").orElseThrow().fence(), Instant.now(), expiresIn, null, 0, false);
	}

	private LockHandles handles(Leases leases) {
		return new LockHandles(leases, new Renewals(), losses(), this.clock, () -> {
		});
	}

	private LossDispatcher losses() {
		return new LossDispatcher(NOBODY, this.clock, DaemonThreads.named("locky-lost-"));
	}

	private static Leases leases(LettuceConnectionFactory connections) {
		return TestReleases.leases(new ScriptRunner(connections), KEYS);
	}

	private static LettuceConnectionFactory nowhere() {
		return TestRedis.connect("127.0.0.1", EmbeddedRedis.freePort(), Duration.ofMillis(500));
	}

	private void advance(Duration time) {
		this.nanoTime.addAndGet(time.toNanos());
	}

	private static Grant grant(Duration lease) {
		return new Grant("x", 7, Instant.now(), lease, null, 0, false);
	}

}
