package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.event.LockExpiredEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One Redis with the npm package {@code locky} 6: what it sends, command by command, and
 * what becomes of it here.
 */
class NpmInteropTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private LockyInstance instance;

	private LockyTemplate locks;

	@BeforeEach
	void startInstance() {
		this.instance = LockyInstance.start("locky.prefix=" + this.fixture.prefix(), "locky.npm-interop=true",
				"locky.ttl=1s");
		this.locks = this.instance.locks();
	}

	@AfterEach
	void closeAll() {
		this.instance.close();
		this.fixture.close();
	}

	@Test
	void npmIndexContainsOurLocks() {
		this.locks.lock("a", "ann");
		this.locks.lockAll(List.of("b", "c"), "ann");
		assertThat(index()).containsExactlyInAnyOrder(key("a"), key("b"), key("c"));
		this.locks.unlock("a");
		this.locks.unlockAll("ann");
		assertThat(index()).isEmpty();
	}

	@Test
	void npmIndexKeepsOurExpiredLockForItsOwnWorker() {
		this.locks.lock("a", "ann");
		await().until(() -> expired().size() == 1);
		assertThat(index()).containsExactly(key("a"));
	}

	@Test
	void npmLockExpiresWithAnEvent() {
		npmLock("x", "john", Duration.ofSeconds(2), false);
		assertThat(this.locks.lock("x", "ann")).isFalse();
		await().until(() -> this.locks.find("x").map(LockInfo::fence).orElse(0L) > 0);
		await().until(() -> expired().size() == 1);
		assertThat(expired().get(0)).returns("john", LockExpiredEvent::getLocker)
			.returns("x", LockExpiredEvent::getResource);
	}

	@Test
	void refusedNpmLockExtendsOurLease() {
		this.locks.lock("x", "ann");
		npmLock("x", "john", Duration.ofSeconds(4), false);
		await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> expired().isEmpty());
		assertThat(this.locks.getLocker("x")).isEqualTo("ann");
		await().until(() -> expired().size() == 1);
		assertThat(expired().get(0)).returns("ann", LockExpiredEvent::getLocker);
	}

	@Test
	void npmRefreshExtendsOurLease() {
		this.locks.lock("x", "ann");
		this.fixture.redis().expire(key("x"), Duration.ofSeconds(60));
		await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(() -> expired().isEmpty());
		assertThat(this.locks.refresh("x", "ann")).isTrue();
		this.locks.unlock("x");
	}

	@Test
	void forcedNpmLockIsAdopted() {
		this.locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)));
		npmLock("x", "john", Duration.ofSeconds(2), true);
		assertThat(this.locks.getLocker("x")).isEqualTo("john");
		await().until(() -> expired().size() == 1);
		assertThat(expired().get(0)).returns("john", LockExpiredEvent::getLocker);
	}

	@Test
	void npmLockWithoutTtlIsAdopted() {
		npmLock("x", "john", null, false);
		await().until(() -> this.locks.find("x").map(LockInfo::fence).orElse(0L) > 0);
		assertThat(this.locks.find("x").orElseThrow().expiresIn()).isNull();
		assertThat(this.locks.unlock("x")).isTrue();
		assertThat(index()).isEmpty();
	}

	@Test
	void npmUnlockReleasesOurLock() {
		this.locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)));
		npmUnlock("x");
		assertThat(this.locks.lock("x", "bob")).isTrue();
		npmUnlock("x");
		assertThat(this.locks.find("x")).isEmpty();
		assertThat(this.fixture.redis().opsForHash().size(this.fixture.prefix() + "records")).isZero();
		assertThat(expired()).isEmpty();
	}

	@Test
	void lockThatLostItsKeyAndIsInTheIndexExpires() {
		this.locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(5)));
		this.fixture.redis().delete(key("x"));
		assertThat(this.locks.find("x")).isEmpty();
		assertThat(this.locks.lock(LockRequest.of("x").by("bob").ttl(Duration.ofMinutes(5)))).isTrue();
		await().until(() -> expired().size() == 1);
		assertThat(expired().get(0)).returns("ann", LockExpiredEvent::getLocker);
	}

	private void npmLock(String resource, String locker, @Nullable Duration ttl, boolean force) {
		transaction((operations) -> {
			operations.opsForSet().add(this.fixture.prefix() + "current:locks", key(resource));
			if (force) {
				operations.opsForValue().set(key(resource), locker);
			}
			else {
				operations.opsForValue().setIfAbsent(key(resource), locker);
			}
			if (ttl != null) {
				operations.expire(key(resource), ttl);
			}
		});
	}

	private void npmUnlock(String resource) {
		transaction((operations) -> {
			operations.opsForSet().remove(this.fixture.prefix() + "current:locks", key(resource));
			operations.delete(key(resource));
		});
	}

	private void transaction(Consumer<RedisOperations<String, String>> commands) {
		this.fixture.redis().execute(new SessionCallback<List<Object>>() {
			@Override
			@SuppressWarnings("unchecked")
			public <K, V> List<Object> execute(RedisOperations<K, V> operations) {
				operations.multi();
				commands.accept((RedisOperations<String, String>) operations);
				return operations.exec();
			}
		});
	}

	private Set<String> index() {
		return Objects
			.requireNonNull(this.fixture.redis().opsForSet().members(this.fixture.prefix() + "current:locks"));
	}

	private String key(String resource) {
		return this.fixture.lockKey(resource);
	}

	private List<LockExpiredEvent> expired() {
		return this.instance.expired();
	}

}
