package io.locky.test;

import io.locky.LockAttempt;
import io.locky.LockyOperations;

/**
 * The assertions of AssertJ for locks. Their {@code assertThat} can be imported beside
 * that of AssertJ, which must be on the class path. <pre>{@code
 * assertThat(locks).hasLock("article:12").heldBy("20").withNote("back at five");
 * assertThat(locks).hasNoLock("article:13");
 * assertThat(events).hasExpired("article:12", "20");
 * }</pre>
 *
 * @since 0.9.0
 */
public final class LockyAssertions {

	private LockyAssertions() {
	}

	/**
	 * Asserts which locks are held.
	 * @param actual the operations, of locks in memory or in Redis
	 * @return the assertions
	 */
	public static LockyOperationsAssert assertThat(LockyOperations actual) {
		return new LockyOperationsAssert(actual);
	}

	/**
	 * Asserts which events were published.
	 * @param actual the events
	 * @return the assertions
	 */
	public static RecordedLockEventsAssert assertThat(RecordedLockEvents actual) {
		return new RecordedLockEventsAssert(actual);
	}

	/**
	 * Asserts the result of a request.
	 * @param actual the result
	 * @return the assertions
	 */
	public static LockAttemptAssert assertThat(LockAttempt actual) {
		return new LockAttemptAssert(actual);
	}

}
