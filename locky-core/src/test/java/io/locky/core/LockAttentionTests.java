package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.event.LockAttentionEvent;
import io.locky.testing.CommandCount;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.RedisProxy.Fault;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What it costs to report that a holder is idle, and what happens if the answer gets
 * lost.
 */
class LockAttentionTests {

	private static final Duration IDLE = Duration.ofMillis(30);

	@Test
	void onlyAChangeCostsMoreThanARefresh() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start()) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", redis.port(), Duration.ofSeconds(5));
			try (LockyFixture fixture = new LockyFixture(connections)) {
				LockyTemplate locks = fixture.create(fixture.settings().ttl(Duration.ofMinutes(5)).build());
				LockHandle ann = acquire(locks);
				locks.tryRefresh("x", "ann", ann.fence());
				long refresh = executed(connections, () -> locks.tryRefresh("x", "ann", ann.fence()));
				assertThat(refresh).isEqualTo(8);
				assertThat(executed(connections, () -> report(locks, ann, Duration.ZERO)))
					.as("active, and loads the script")
					.isLessThanOrEqualTo(refresh + 1);
				assertThat(executed(connections, () -> report(locks, ann, Duration.ZERO))).as("still active")
					.isEqualTo(refresh);
				assertThat(executed(connections, () -> report(locks, ann, IDLE))).as("now idle").isEqualTo(refresh + 2);
				assertThat(executed(connections, () -> report(locks, ann, IDLE))).as("still idle").isEqualTo(refresh);
				assertThat(executed(connections, () -> locks.tryRefresh("x", "ann", ann.fence())))
					.as("says nothing while idle")
					.isEqualTo(refresh);
			}
			finally {
				connections.destroy();
			}
		}
	}

	/**
	 * Whether it was a change, the second answer cannot say, so it is published in any
	 * case.
	 */
	@Test
	void reportWithALostAnswerIsPublished() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start(); RedisProxy proxy = new RedisProxy(redis.port())) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofSeconds(5));
			try (LockyFixture fixture = new LockyFixture(connections)) {
				LockyTemplate locks = fixture.create(fixture.settings().ttl(Duration.ofMinutes(5)).build());
				LockHandle ann = acquire(locks);
				proxy.next(Fault.CUT);
				assertThat(locks.tryRefresh("x", "ann", ann.fence(), IDLE).held()).isTrue();
				LockInfo lock = locks.find("x").orElseThrow();
				assertThat(lock.idleSince()).isNotNull();
				assertThat(fixture.events(LockAttentionEvent.class)).singleElement()
					.returns(lock.idleSince(), LockAttentionEvent::getIdleSince);
			}
			finally {
				connections.destroy();
			}
		}
	}

	private static void report(LockyTemplate locks, LockHandle grant, Duration idle) {
		assertThat(locks.tryRefresh("x", "ann", grant.fence(), idle).held()).isTrue();
	}

	private static LockHandle acquire(LockyTemplate locks) {
		return ((LockAttempt.Acquired) locks.tryLock(LockRequest.of("x").by("ann"))).handle();
	}

	private static long executed(LettuceConnectionFactory connections, Runnable operation) {
		long before = CommandCount.executed(connections);
		operation.run();
		return CommandCount.executed(connections) - before;
	}

}
