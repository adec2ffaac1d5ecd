package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.lock.Renewals.Renewal;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The handles that are renewed, and how late they are.
 */
class RenewalsTests {

	private static final LockyKeys KEYS = LockyKeys.of("test:");

	@Test
	void renewalIsOverdueAfterTwoPeriodsWithoutAnAnswer() {
		Renewals renewals = new Renewals();
		Renewal renewal = new Renewal(handle(renewals), 0, 1000, false);
		renewals.add(renewal);
		assertThat(renewals.size()).isEqualTo(1);
		assertThat(renewals.overdue(2000)).isZero();
		assertThat(renewals.overdue(2001)).isEqualTo(1);
		renewal.failed(1000, 1500);
		assertThat(renewals.overdue(2001)).isEqualTo(1);
		renewal.succeeded(1900);
		assertThat(renewals.overdue(3900)).isZero();
	}

	private static FencedLockHandle handle(Renewals renewals) {
		ServerClock clock = new ServerClock(KEYS, () -> 0);
		LossDispatcher losses = new LossDispatcher(new LockyEventPublisher((event) -> {
		}), clock, DaemonThreads.named("locky-lost-"));
		Leases leases = TestReleases.leases(new ScriptRunner(TestRedis.connectionFactory()), KEYS);
		Grant grant = new Grant("x", 7, Instant.EPOCH, Duration.ofSeconds(9), null, 0, false);
		return (FencedLockHandle) new LockHandles(leases, renewals, losses, clock, () -> {
		}).create(grant, "ann", 0, null, false);
	}

}
