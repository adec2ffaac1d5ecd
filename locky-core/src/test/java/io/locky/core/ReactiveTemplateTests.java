package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Locks of reactive callers are those of blocking ones.
 */
class ReactiveTemplateTests {

	@Test
	void locksAreThoseOfTheBlockingTemplate() {
		LettuceConnectionFactory connections = TestRedis.connectionFactory();
		try (LockyFixture fixture = new LockyFixture(connections)) {
			LockyTemplate locks = fixture.template(Duration.ofSeconds(30));
			ReactiveLockyOperations reactive = new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(connections),
					locks);
			assertThat(reactive.lock("x", "ann").block()).isTrue();
			assertThat(reactive.lock("x", "bob").block()).isFalse();
			assertThat(locks.getLocker("x")).isEqualTo("ann");
			assertThat(reactive.getLocker("x").block()).isEqualTo("ann");
			ReactiveLockHandle handle = reactive.tryLock(LockRequest.of("y").by("bob").autoRenew())
				.map((attempt) -> ((ReactiveLockAttempt.Acquired) attempt).handle())
				.blockOptional()
				.orElseThrow();
			assertThat(handle.refresh().block()).isTrue();
			assertThat(handle.release().block()).isTrue();
			assertThat(reactive.lockAll(List.of("a", "b"), "ann").block()).isTrue();
			assertThat(reactive.lockAll(List.of("c", "b"), "bob").block()).isFalse();
			assertThat(reactive.unlockAll("ann").block()).isEqualTo(3);
			assertThat(reactive.find("x").blockOptional()).isEmpty();
			assertThat(fixture.events()).hasSize(8);
		}
	}

	@Test
	void ownClassOfConnectionFactoryIsShared() {
		ApplicationConnections connections = new ApplicationConnections();
		connections.afterPropertiesSet();
		connections.start();
		try (LockyFixture fixture = new LockyFixture(connections)) {
			LockyTemplate locks = fixture.template(Duration.ofSeconds(30));
			ReactiveLockyOperations reactive = new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(connections),
					locks);
			assertThat(reactive.lock("x", "ann").block()).isTrue();
			assertThat(reactive.find("x").map(LockInfo::locker).block()).isEqualTo("ann");
			assertThat(reactive.list(LockQuery.all()).map((page) -> page.locks().size()).block()).isEqualTo(1);
			assertThat(reactive.unlock("x", "bob").block()).isFalse();
			assertThat(reactive.unlockAll("ann").block()).isEqualTo(1);
		}
		finally {
			connections.destroy();
		}
	}

	/** Locky cannot derive a connection of its own from it. */
	private static final class ApplicationConnections extends LettuceConnectionFactory {

		private ApplicationConnections() {
			super(createRedisConfiguration(TestRedis.url()), LettuceClientConfiguration.defaultConfiguration());
		}

	}

	@Test
	void otherConnectionsAreRefused() {
		LettuceConnectionFactory connections = TestRedis.connectionFactory();
		try (LockyFixture fixture = new LockyFixture(connections)) {
			LockyTemplate locks = fixture.template(Duration.ofSeconds(30));
			LettuceConnectionFactory others = new LettuceConnectionFactory();
			others.afterPropertiesSet();
			assertThatIllegalArgumentException()
				.isThrownBy(() -> new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(others), locks))
				.withMessageContaining("same connection factory");
		}
	}

}
