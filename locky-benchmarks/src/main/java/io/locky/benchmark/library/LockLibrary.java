package io.locky.benchmark.library;

import org.jspecify.annotations.Nullable;

/**
 * A lock library, as one application uses it: with its own connections to Redis, and a
 * lease of {@value #LEASE_SECONDS} seconds.
 */
public interface LockLibrary extends AutoCloseable {

	/** The length of a lease, in seconds. */
	int LEASE_SECONDS = 30;

	/**
	 * Acquires a lock if it is free.
	 * @param resource what is locked
	 * @return the lock, or {@code null} if it is held
	 */
	@Nullable HeldLock tryLock(String resource);

	/**
	 * Acquires a lock, and waits for it as long as it is held. Only of
	 * {@linkplain Library#waits() libraries that wait}.
	 * @param resource what is locked
	 * @return the lock
	 * @throws InterruptedException if the thread is interrupted
	 */
	default HeldLock lock(String resource) throws InterruptedException {
		throw new UnsupportedOperationException("This library does not wait");
	}

	@Override
	void close();

	/**
	 * A lock that is held by the thread that acquired it.
	 */
	interface HeldLock {

		/** Releases the lock. */
		void unlock();

	}

}
