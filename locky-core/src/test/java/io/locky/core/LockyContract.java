package io.locky.core;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.testing.LockyFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What all contracts share: a fixture, operations and a look into Redis.
 */
abstract class LockyContract {

	static final Duration TTL = Duration.ofSeconds(47);

	LockyFixture fixture;

	LockyTemplate template;

	LockyOperations locks;

	abstract ContractRedis redis();

	/** What the contracts call. */
	LockyOperations operations(LockyTemplate template) {
		return template;
	}

	LockyFixture newFixture() {
		return new LockyFixture(redis().connection(), redis().admin());
	}

	@BeforeEach
	void openFixture() {
		this.fixture = newFixture();
		this.template = this.fixture.template(TTL);
		this.locks = operations(this.template);
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
