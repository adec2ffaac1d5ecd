package io.locky.benchmark.library;

import io.locky.ReactiveLockyOperations;
import io.locky.core.ReactiveLockyTemplate;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * The reactive operations of Locky with its defaults.
 */
final class ReactiveLockyLibrary implements ReactiveLockLibrary {

	private static final String LOCKER = "ann";

	private final LockyApplication application;

	private final ReactiveLockyOperations locks;

	ReactiveLockyLibrary(int port) {
		this.application = LockyApplication.start(port);
		this.locks = new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(this.application.connections()),
				this.application.locks());
	}

	@Override
	public Mono<Void> pair(String resource) {
		return require(this.locks.lock(resource, LOCKER), resource)
			.then(require(this.locks.unlock(resource, LOCKER), resource))
			.then();
	}

	private static Mono<Boolean> require(Mono<Boolean> operation, String resource) {
		return operation.filter(Boolean::booleanValue)
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("Held: " + resource)));
	}

	@Override
	public void close() {
		this.application.close();
	}

}
