package io.locky.benchmark.library;

import reactor.core.publisher.Mono;

/**
 * A lock library, as one reactive application uses it: with its own connections to Redis,
 * and a lease of {@value LockLibrary#LEASE_SECONDS} seconds.
 */
public interface ReactiveLockLibrary extends AutoCloseable {

	/**
	 * Connects an application that sends the smallest scripts, and nothing else.
	 * @param port where Redis listens
	 * @return the library, to be closed by the caller
	 */
	static ReactiveLockLibrary bare(int port) {
		return new ReactiveLettuceLibrary(port);
	}

	/**
	 * Connects an application with Locky.
	 * @param port where Redis listens
	 * @return the library, to be closed by the caller
	 */
	static ReactiveLockLibrary locky(int port) {
		return new ReactiveLockyLibrary(port);
	}

	/**
	 * Acquires a lock that is free, and releases it.
	 * @param resource what is locked
	 * @return completes when it is released; fails if it was held
	 */
	Mono<Void> pair(String resource);

	@Override
	void close();

}
