package io.locky.test;

import io.locky.LockInfo;
import io.locky.LockyOperations;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on locks. Each reads them when it is made.
 *
 * @since 0.9.0
 */
public final class LockyOperationsAssert extends AbstractAssert<LockyOperationsAssert, LockyOperations> {

	LockyOperationsAssert(LockyOperations actual) {
		super(actual, LockyOperationsAssert.class);
	}

	/**
	 * Asserts that a lock is held.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @return assertions on the lock
	 */
	public LockInfoAssert hasLock(Object resource) {
		isNotNull();
		LockInfo lock = this.actual.find(resource).orElse(null);
		if (lock == null) {
			throw failure("Expected the lock of '%s' to be held, but it is free", resource);
		}
		return new LockInfoAssert(lock);
	}

	/**
	 * Asserts that a lock is free.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @return these assertions
	 */
	public LockyOperationsAssert hasNoLock(Object resource) {
		isNotNull();
		LockInfo lock = this.actual.find(resource).orElse(null);
		if (lock != null) {
			throw failure("Expected the lock of '%s' to be free, but '%s' holds it", resource, lock.locker());
		}
		return this;
	}

}
