package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestSentinel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The master of a real Sentinel set is killed under load.
 */
@Tag("faults")
@Timeout(180)
class SentinelFailoverTests {

	private static final Duration SECONDS = Duration.ofSeconds(15);

	private long promoted;

	@Test
	void everythingRecoversWithinSecondsOfAFailover() throws Exception {
		try (TestSentinel sentinel = new TestSentinel(); LockyInstance instance = start(sentinel)) {
			LockyTemplate locks = instance.locks();
			LockHandle renewed = ((LockAttempt.Acquired) locks
				.tryLock(LockRequest.of("renewed").by("ann").ttl(Duration.ofSeconds(6)).autoRenew())).handle();
			await().until(() -> listeners(instance) == 1);
			try (FailoverLoad load = new FailoverLoad(locks)) {
				await().until(() -> load.grants() > 1000);
				long killed = System.nanoTime();
				sentinel.killMaster();
				sentinel.awaitMaster();
				this.promoted = System.nanoTime();
				int before = load.grants();
				await().atMost(SECONDS).until(() -> load.grants() > before + 100);
				say("locks are granted", killed);
				load.verify("Killed the master of a Sentinel set");
				awaitWorker(instance, killed);
				awaitSignals(instance, killed);
				awaitRenewer(locks, renewed, killed);
			}
		}
	}

	private static LockyInstance start(TestSentinel sentinel) {
		String[] properties = sentinel.properties();
		return LockyInstance.start(properties[0], properties[1], "spring.data.redis.timeout=2s");
	}

	private void awaitWorker(LockyInstance instance, long killed) {
		await().atMost(SECONDS)
			.ignoreExceptions()
			.until(() -> instance.locks().lock(LockRequest.of("short").by("ann").ttl(Duration.ofMillis(1)).force()));
		await().atMost(SECONDS).until(() -> !instance.expired().isEmpty());
		say("expiries are published", killed);
	}

	private void awaitSignals(LockyInstance instance, long killed) {
		await().atMost(SECONDS).ignoreExceptions().until(() -> listeners(instance) == 1);
		say("hints arrive", killed);
	}

	private void awaitRenewer(LockyTemplate locks, LockHandle renewed, long killed) {
		await().atMost(SECONDS)
			.until(() -> locks.find("renewed")
				.map(LockInfo::expiresIn)
				.filter((left) -> left.compareTo(Duration.ofSeconds(5)) > 0)
				.isPresent());
		say("leases are renewed", killed);
		assertThat(renewed.isValid()).isTrue();
	}

	private void say(String what, long killed) {
		long now = System.nanoTime();
		System.out.printf("%d ms after the kill, %d ms after the promotion: %s%n", (now - killed) / 1_000_000,
				(now - this.promoted) / 1_000_000, what);
	}

	/** Publishing returns the number of subscribers, on the new master. */
	private static Long listeners(LockyInstance instance) {
		return instance.bean(StringRedisTemplate.class)
			.convertAndSend(LockySettings.DEFAULT_PREFIX + "signals", "test");
	}

}
