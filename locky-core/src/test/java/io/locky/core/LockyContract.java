package io.locky.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.testing.LockyFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What all contracts share: a fixture, a template and a look into Redis.
 */
abstract class LockyContract {

	static final Duration TTL = Duration.ofSeconds(47);

	LockyFixture fixture;

	LockyTemplate locks;

	abstract ContractRedis redis();

	LockyFixture newFixture() {
		return new LockyFixture(redis().connection(), redis().admin());
	}

	@BeforeEach
	void openFixture() {
		this.fixture = newFixture();
		this.locks = this.fixture.template(TTL);
	}

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	String value(String resource) {
		return this.fixture.redis().opsForValue().get(this.fixture.lockKey(resource));
	}

	Object record(String resource) {
		return this.fixture.redis().opsForHash().get(this.fixture.key(resource, "records"), resource);
	}

	Double deadline(String resource) {
		return this.fixture.redis().opsForZSet().score(this.fixture.key(resource, "deadlines"), resource);
	}

	long remaining(String resource) {
		return this.fixture.redis().getExpire(this.fixture.lockKey(resource), TimeUnit.MILLISECONDS);
	}

	long fence(String resource) {
		return this.locks.find(resource).orElseThrow().fence();
	}

	LockHandle acquire(LockRequest request) {
		return ((LockAttempt.Acquired) this.locks.tryLock(request)).handle();
	}

}
