package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.event.LockTakenOverEvent;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.RedisProxy.Fault;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class LostReplyTests {

	@ParameterizedTest
	@EnumSource(value = Fault.class, names = { "CUT", "DELAY" })
	void lockWithALostReplyIsHeldByItsRetry(Fault fault) throws Exception {
		withProxy((proxy, fixture, connections) -> {
			LockyOperations locks = locks(fixture, connections);
			locks.lock("warm", "up");
			proxy.next(fault);
			assertThat(locks.lock("x", "ann")).isTrue();
			assertThat(locks.unlock("warm")).isTrue();
			assertThat(locks.unlock("x", "ann")).isTrue();
			assertThat(fixture.events()).hasSize(4);
			assertThat(fixture.allKeys()).containsExactly(fixture.prefix() + "fence");
		});
	}

	/**
	 * The first sending is given up after 600 ms, the second is answered after 900 ms.
	 */
	@Test
	void leaseCountsFromTheSendingThatWasAnswered() throws Exception {
		withProxy((proxy, fixture, connections) -> {
			LockyOperations locks = locks(fixture, connections);
			locks.lock("warm", "up");
			proxy.next(Fault.DELAY);
			LockAttempt attempt = locks.tryLock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(1400)));
			assertThat(((LockAttempt.Acquired) attempt).handle().isValid()).isTrue();
		});
	}

	@Test
	void takeoverWithALostReplyIsPublishedOnce() throws Exception {
		withProxy((proxy, fixture, connections) -> {
			LockyOperations locks = locks(fixture, connections);
			locks.lock("x", "ann");
			proxy.next(Fault.DELAY);
			assertThat(locks.lock(LockRequest.of("x").by("chief").force())).isTrue();
			assertThat(fixture.events(LockTakenOverEvent.class)).singleElement()
				.returns("ann", LockTakenOverEvent::getPreviousLocker);
		});
	}

	private LockyOperations locks(LockyFixture fixture, RedisConnectionFactory connections) {
		return operations(connections, fixture.create(fixture.settings().build()));
	}

	/** What is tested, over a template. */
	LockyOperations operations(RedisConnectionFactory connections, LockyTemplate template) {
		return template;
	}

	private void withProxy(Scenario scenario) throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start(); RedisProxy proxy = new RedisProxy(redis.port())) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofMillis(600));
			try (LockyFixture fixture = new LockyFixture(connections)) {
				scenario.run(proxy, fixture, connections);
			}
			finally {
				connections.destroy();
			}
		}
	}

	private interface Scenario {

		void run(RedisProxy proxy, LockyFixture fixture, RedisConnectionFactory connections) throws Exception;

	}

}
