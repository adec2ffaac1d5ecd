package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.locky.LockRequest;
import io.locky.ReactiveLockyOperations;
import io.locky.event.LockAcquiredEvent;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.PausedWrites;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Subscriptions that are cancelled while they wait, or while Redis works.
 */
@Timeout(60)
class ReactiveCancellationTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private EmbeddedRedis redis;

	private LettuceConnectionFactory connections;

	private LettuceConnectionFactory admin;

	private LockyFixture fixture;

	private LockyTemplate blocking;

	private ReactiveLockyOperations locks;

	@BeforeEach
	void start() {
		this.redis = EmbeddedRedis.start();
		this.connections = TestRedis.connect("127.0.0.1", this.redis.port(), Duration.ofSeconds(30));
		this.admin = TestRedis.connect("127.0.0.1", this.redis.port(), Duration.ofSeconds(30));
		this.fixture = new LockyFixture(this.connections, this.admin);
		this.blocking = this.fixture.template(Duration.ofMinutes(5));
		this.locks = new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(this.connections), this.blocking);
		this.locks.lock("warm", "up").then(this.locks.unlock("warm", "up")).block(LIMIT);
		this.fixture.events().clear();
	}

	@AfterEach
	void stop() {
		this.fixture.close();
		this.connections.destroy();
		this.admin.destroy();
		this.redis.close();
	}

	@Test
	void cancelledWaitLeavesNoWaiterAndNoLock() {
		this.blocking.lock("x", "ann");
		Disposable wait = this.locks.tryLock(LockRequest.of("x").by("bob").waitUpTo(Duration.ofMinutes(1))).subscribe();
		await().until(() -> this.blocking.waiters("x").size() == 1);
		wait.dispose();
		await().until(() -> this.blocking.waiters("x").isEmpty());
		this.blocking.unlock("x", "ann");
		assertThat(this.blocking.lock("x", "carl")).isTrue();
		assertThat(this.fixture.events(LockAcquiredEvent.class)).extracting(LockAcquiredEvent::getLocker)
			.containsExactly("ann", "carl");
	}

	static Stream<Acquisition> acquisitions() {
		return Stream.of(new Acquisition("lock", (locks) -> locks.lock("x", "ann")),
				new Acquisition("lock that may wait",
						(locks) -> locks.lock(LockRequest.of("x").by("ann").waitUpTo(LIMIT))),
				new Acquisition("tryLock", (locks) -> locks.tryLock(LockRequest.of("x").by("ann"))),
				new Acquisition("tryLock with renewal",
						(locks) -> locks.tryLock(LockRequest.of("x").by("ann").autoRenew())),
				new Acquisition("lockAll", (locks) -> locks.lockAll(List.of("x", "y", "z"), "ann")));
	}

	@ParameterizedTest
	@MethodSource("acquisitions")
	void grantOfACancelledSubscriptionIsReleased(Acquisition acquisition) {
		try (PausedWrites pause = new PausedWrites(this.admin)) {
			Disposable subscription = acquisition.subscribe(this.locks);
			pause.awaitCommand();
			subscription.dispose();
		}
		await().until(() -> Boolean.TRUE.equals(this.fixture.redis().hasKey(this.fixture.key("x", "fence"))));
		await().until(() -> this.blocking.findAll(List.of("x", "y", "z")).isEmpty());
		// It stays so: nothing renews it, and no second attempt follows.
		assertThat(this.blocking.lockAll(List.of("x", "y", "z"), "bob")).isTrue();
	}

	@Test
	void cancelledReleaseGoesOn() {
		this.blocking.lock("x", "ann");
		try (PausedWrites pause = new PausedWrites(this.admin)) {
			Disposable release = this.locks.unlock("x", "ann").subscribe();
			pause.awaitCommand();
			release.dispose();
		}
		await().until(() -> this.blocking.getLocker("x") == null);
		await().until(() -> this.fixture.events().size() == 2);
	}

	private record Acquisition(String name, Function<ReactiveLockyOperations, Mono<?>> work) {

		Disposable subscribe(ReactiveLockyOperations locks) {
			return this.work.apply(locks).subscribe();
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
