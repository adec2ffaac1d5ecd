package io.locky.core;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.locky.LockyOperations;
import io.locky.event.LockyEvent;
import io.locky.internal.redis.Waiter;
import io.locky.testing.LockyFixture;
import org.jspecify.annotations.Nullable;

/**
 * Locks in Redis, whose time passes by itself.
 */
class RedisEngine implements ContractEngine {

	private final LockyFixture fixture;

	/** Any template sees all locks. */
	private @Nullable LockyTemplate template;

	RedisEngine(ContractRedis redis) {
		this.fixture = new LockyFixture(redis.connection(), redis.admin());
	}

	@Override
	public LockyOperations locks(@Nullable Duration ttl) {
		LockyTemplate template = this.fixture.template(ttl);
		this.template = template;
		return operations(template);
	}

	/** What the contracts call. */
	LockyOperations operations(LockyTemplate template) {
		return template;
	}

	@Override
	public List<LockyEvent> events() {
		return this.fixture.events();
	}

	@Override
	public @Nullable String holder(String resource) {
		return this.fixture.redis().opsForValue().get(this.fixture.lockKey(resource));
	}

	@Override
	public long remaining(String resource) {
		return this.fixture.redis().getExpire(this.fixture.lockKey(resource), TimeUnit.MILLISECONDS);
	}

	@Override
	public long fence(String resource) {
		return Objects.requireNonNull(this.template).find(resource).orElseThrow().fence();
	}

	@Override
	public Object state(String resource) {
		return Arrays.asList(this.fixture.redis().opsForHash().get(this.fixture.key(resource, "records"), resource),
				this.fixture.redis().opsForZSet().score(this.fixture.key(resource, "deadlines"), resource));
	}

	@Override
	public boolean isEmpty() {
		return this.fixture.allKeys().isEmpty();
	}

	@Override
	public void shorten(String resource, Duration rest) {
		this.fixture.redis().expire(this.fixture.lockKey(resource), rest);
	}

	@Override
	public void pass(Duration time) {
		// It does.
	}

	@Override
	public void passWhileWaiting(String resource, Duration time) {
		// It does.
	}

	@Override
	public boolean hasWaiter(String resource) {
		return this.fixture.isSubscribed();
	}

	/** Between two attempts, and not in a call of Redis. */
	@Override
	public boolean isWaiting(Thread thread) {
		return Stream.of(thread.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(Waiter.class.getName()));
	}

	@Override
	public void loseData() {
		this.fixture.clear();
	}

	@Override
	public void close() {
		this.fixture.close();
	}

}
