package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockNotReplicatedException;
import io.locky.LockRequest;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestSentinel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Grants that replicas must acknowledge, on a real Sentinel set.
 */
@Timeout(120)
class MinReplicasAckTests {

	private static TestSentinel sentinel;

	private static LockyInstance instance;

	@BeforeAll
	static void start() {
		sentinel = new TestSentinel();
		String[] properties = sentinel.properties();
		instance = LockyInstance.start(properties[0], properties[1], "locky.min-replicas-ack=2",
				"locky.min-replicas-ack-timeout=400ms", "spring.data.redis.timeout=20s");
	}

	@AfterAll
	static void stop() {
		instance.close();
		sentinel.close();
	}

	@AfterEach
	void thawReplicas() {
		sentinel.thawReplicas();
	}

	@Test
	void lockIsGrantedAfterReplicasAcknowledgedIt() {
		for (int i = 0; i < 20; i++) {
			String resource = "granted:" + i;
			assertThat(instance.locks().lock(resource, "ann")).isTrue();
			assertThat(instance.locks().lock(resource, "bob")).isFalse();
		}
		assertThat(events("granted:")).isEqualTo(20);
	}

	@Test
	void unacknowledgedLockIsAnErrorAndNotHeld() {
		sentinel.freezeReplicas();
		assertThatExceptionOfType(LockNotReplicatedException.class)
			.isThrownBy(() -> instance.locks().lock("refused", "ann"))
			.withMessageContaining("[refused] was not acknowledged by 2 replica(s) within 400 ms")
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getResources()).containsExactly("refused"));
		assertThat(instance.locks().find("refused")).isEmpty();
		assertThat(events("refused")).isZero();
		sentinel.thawReplicas();
		assertThat(instance.locks().lock("refused", "bob")).isTrue();
	}

	@Test
	void deniedAttemptDoesNotWaitForReplicas() {
		instance.locks().lock("held", "ann");
		sentinel.freezeReplicas();
		assertThat(instance.locks().lock("held", "bob")).isFalse();
	}

	@Test
	void unacknowledgedReentryKeepsTheGrant() {
		LockRequest request = LockRequest.of("entered").by("ann").reentrant();
		LockHandle handle = ((LockAttempt.Acquired) instance.locks().tryLock(request)).handle();
		sentinel.freezeReplicas();
		assertThatExceptionOfType(LockNotReplicatedException.class).isThrownBy(() -> instance.locks().lock(request));
		assertThat(instance.locks().find("entered").orElseThrow().fence()).isEqualTo(handle.fence());
	}

	@Test
	void interruptedThreadLocksAndKeepsItsFlag() {
		Thread.currentThread().interrupt();
		assertThat(instance.locks().lock(LockRequest.of("interrupted").by("ann").ttl(Duration.ofMinutes(1)))).isTrue();
		assertThat(Thread.interrupted()).isTrue();
	}

	private static long events(String prefix) {
		return instance.events().stream().filter((event) -> event.getResource().startsWith(prefix)).count();
	}

}
