package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.LockyOperations;
import io.locky.event.LockyEvent;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the locks of a contract: Redis, or something that is to behave like it.
 * There are no locks at first.
 */
interface ContractEngine extends AutoCloseable {

	/**
	 * Operations on the locks of this engine.
	 * @param ttl the length of a lease for which a request sets none, or {@code null}
	 * @return the operations
	 */
	LockyOperations locks(@Nullable Duration ttl);

	/** All events so far. */
	List<LockyEvent> events();

	/** The locker that others see. */
	@Nullable String holder(String resource);

	/** The rest of a lease in milliseconds, -1 if it does not end. */
	long remaining(String resource);

	long fence(String resource);

	/** Everything that is kept of a lock: equal as long as nothing has changed. */
	Object state(String resource);

	/** Whether nothing is kept. */
	boolean isEmpty();

	/** Lets a part of a lease pass. */
	void shorten(String resource, Duration rest);

	/** Lets a time pass, unless it passes by itself. */
	void pass(Duration time);

	/** Lets a time pass while a request waits, unless it passes by itself. */
	void passWhileWaiting(String resource, Duration time);

	/** Whether a request has begun to wait. */
	boolean hasWaiter(String resource);

	/** Whether a thread waits for a lock, and has made its first attempt. */
	boolean isWaiting(Thread thread);

	/** Loses all locks. */
	void loseData();

	@Override
	void close();

}
