package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.ReactiveLockyOperations;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Mistakes are found when a method is called, and not only when its result is subscribed
 * to.
 */
class ReactiveArgumentsTests {

	@Test
	void argumentsAreCheckedAtOnce() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			ReactiveLockyOperations locks = locks(fixture);
			mistakes(locks)
				.forEach((name, call) -> assertThatIllegalArgumentException().as(name).isThrownBy(() -> call.get()));
			assertThat(fixture.allKeys()).isEmpty();
		}
	}

	@Test
	void cursorIsCheckedInTheEnd() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			Mono<?> page = locks(fixture).list(LockQuery.all().after("page 2"));
			assertThatIllegalArgumentException().isThrownBy(() -> page.block(Duration.ofSeconds(10)));
		}
	}

	private static ReactiveLockyOperations locks(LockyFixture fixture) {
		return new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(TestRedis.connectionFactory()),
				fixture.template(null));
	}

	private static Map<String, Supplier<Mono<?>>> mistakes(ReactiveLockyOperations locks) {
		LockRequest renewed = LockRequest.of("x").by("ann").autoRenew();
		return Map.ofEntries(Map.entry("lock, no resource", () -> locks.lock("", "ann")),
				Map.entry("lock, no locker", () -> locks.lock("x", " ")),
				Map.entry("lock, renewed without a handle", () -> locks.lock(renewed)),
				Map.entry("tryLock, renewed without a TTL", () -> locks.tryLock(renewed)),
				Map.entry("lockAll, no resources", () -> locks.lockAll(List.of(), "ann")),
				Map.entry("lockAll, no locker", () -> locks.lockAll(List.of("x"), "")),
				Map.entry("refresh, no resource", () -> locks.refresh("")),
				Map.entry("refresh, no locker", () -> locks.refresh("x", "")),
				Map.entry("refresh, no fence", () -> locks.refresh("x", "ann", 0)),
				Map.entry("tryRefresh, no fence", () -> locks.tryRefresh("x", "ann", 0)),
				Map.entry("tryRefresh, negative", () -> locks.tryRefresh("x", "ann", 1, Duration.ofMillis(-1))),
				Map.entry("unlock, no resource", () -> locks.unlock("")),
				Map.entry("unlock, no locker", () -> locks.unlock("x", "")),
				Map.entry("unlock, no fence", () -> locks.unlock("x", "ann", -7)),
				Map.entry("unlockAll, no locker", () -> locks.unlockAll("")),
				Map.entry("getLocker, no resource", () -> locks.getLocker("")),
				Map.entry("find, no resource", () -> locks.find("")),
				Map.entry("findAll, no resource", () -> locks.findAll(List.of("x", ""))));
	}

}
