package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.locky.LockHandle;
import io.locky.core.LockyTemplate;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.lock.Renewals.Renewal;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
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

	@Test
	void validityCountsFromBeforeTheRequestByMonotonicTime() {
		LettuceConnectionFactory nowhere = nowhere();
		try {
			LockHandle handle = handles(leases(nowhere)).create(grant(Duration.ofSeconds(9)), "ann", 0, null);
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
			FencedLockHandle handle = (FencedLockHandle) handles.create(grant(Duration.ofSeconds(9)), "ann", 0, null);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.nanoTime::get, Runnable::run, () -> {
			});
			List<Renewal> renewals = List.of(new Renewal(handle, 0, Duration.ofSeconds(3).toNanos()));
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
					null);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.nanoTime::get, Runnable::run, () -> {
			});
			List<Renewal> renewals = List.of(new Renewal(handle, 0, Duration.ofSeconds(10).toNanos()));
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
			RenewalBatch batch = new RenewalBatch(leases, keys, this.nanoTime::get, sent::add, () -> {
			});
			List<Renewal> renewals = Stream.of("x", "y")
				.map((resource) -> new Grant(resource, 7, Instant.now(), Duration.ofSeconds(9), null, false))
				.map((grant) -> (FencedLockHandle) handles.create(grant, "ann", 0, null))
				.map((handle) -> new Renewal(handle, 0, Duration.ofSeconds(3).toNanos()))
				.toList();
			advance(Duration.ofSeconds(3));
			batch.renewDue(renewals);
			assertThat(sent).hasSize(2);
			sent.remove().run();
			advance(Duration.ofSeconds(1));
			assertThat(batch.renewDue(renewals)).isLessThan(Duration.ofSeconds(1));
			assertThat(sent).hasSize(2);
			advance(Duration.ofSeconds(5));
			batch.renewDue(renewals);
			assertThat(renewals).noneMatch((renewal) -> renewal.handle().isHeld());
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void handleThatArrivesLateIsRefreshedBeforeItsRenewalBegins() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			Grant grant = held(fixture, Duration.ofSeconds(30));
			Leases leases = TestReleases.leases(fixture.scripts(), fixture.keys());
			Renewals renewals = new Renewals();
			RenewalBatch batch = new RenewalBatch(leases, fixture.keys(), this.nanoTime::get, Runnable::run, () -> {
			});
			LockHandles handles = new LockHandles(leases, renewals, new LossDispatcher(NOBODY), this.nanoTime::get,
					() -> batch.renewDue(renewals.all()));
			advance(Duration.ofSeconds(40));
			LockHandle handle = handles.create(grant, "ann", 0, Duration.ofSeconds(10));
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
					null);
			Deque<Runnable> started = new ArrayDeque<>();
			AtomicBoolean failing = new AtomicBoolean(true);
			RenewalBatch batch = new RenewalBatch(leases, KEYS, this.nanoTime::get, (task) -> {
				if (failing.getAndSet(false)) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				started.add(task);
			}, () -> {
			});
			List<Renewal> renewals = List.of(new Renewal(handle, 0, Duration.ofSeconds(3).toNanos()));
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
			renewals.add(new Renewal((FencedLockHandle) handles(leases).create(grant, "ann", 0, null), 0, 1));
			LockRenewer renewer = new LockRenewer(renewals, leases, fixture.keys(), () -> {
				if (calls.incrementAndGet() == 1) {
					throw new OutOfMemoryError("unable to create native thread");
				}
				return System.nanoTime();
			});
			renewer.start();
			await().until(() -> calls.get() > 2);
			renewer.stop();
		}
	}

	/** A grant that Redis has, and the rest of its lease as its reply says. */
	private static Grant held(LockyFixture fixture, @Nullable Duration expiresIn) {
		LockyTemplate locks = fixture.template(null);
		locks.lock("x", "ann");
		return new Grant("x", locks.find("x").orElseThrow().fence(), Instant.now(), expiresIn, null, false);
	}

	private LockHandles handles(Leases leases) {
		return new LockHandles(leases, new Renewals(), new LossDispatcher(NOBODY), this.nanoTime::get, () -> {
		});
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
		return new Grant("x", 7, Instant.now(), lease, null, false);
	}

}
