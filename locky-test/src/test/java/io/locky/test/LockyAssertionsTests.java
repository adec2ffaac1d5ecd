package io.locky.test;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.locky.test.LockyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The failures of the assertions say what is instead.
 */
class LockyAssertionsTests {

	private final RecordedLockEvents events = new RecordedLockEvents();

	private final InMemoryLocks locks = new InMemoryLocks(Duration.ofMinutes(3), LockClock.atRealTime(),
			this.events::record);

	@BeforeEach
	void lock() {
		this.locks.lock(LockRequest.of("x").by("ann").note("soon"));
	}

	@Test
	void failureNamesTheHolder() {
		assertFails(() -> assertThat(this.locks).hasNoLock("x"), "the lock of 'x' to be free, but 'ann' holds it");
		assertFails(() -> assertThat(this.locks).hasLock("y"), "the lock of 'y' to be held, but it is free");
		assertFails(() -> assertThat(this.locks).hasLock("x").heldBy("bob"),
				"the locker of the lock of 'x' to be bob, but it is ann");
	}

	@Test
	void failureNamesTheDetailOfTheLock() {
		assertFails(() -> assertThat(this.locks).hasLock("x").withNote(null), "to be null, but it is soon");
		assertFails(() -> assertThat(this.locks).hasLock("x").expiresIn(Duration.ofMinutes(4)),
				"to be PT4M, but it is PT3M");
		assertFails(() -> assertThat(this.locks).hasLock("x").withFence(7), "the fence of the lock of 'x' to be 7");
	}

	@Test
	void failureNamesTheResultOfTheRequest() {
		LockAttempt denied = this.locks.tryLock(LockRequest.of("x").by("bob"));
		assertThat(denied).isDeniedBy("ann").withNote("soon");
		assertFails(() -> assertThat(denied).isAcquired(), "Expected the request to be granted, but got Denied");
		LockAttempt acquired = this.locks.tryLock(LockRequest.of("y").by("bob"));
		assertFails(() -> assertThat(acquired).isDeniedBy("ann"), "to be denied by 'ann', but got Acquired");
	}

	@Test
	void failureListsTheEvents() {
		this.locks.lock(LockRequest.of("x").by("bob").force());
		assertThat(this.events).hasTakenOver("x", "bob", "ann").all().hasSize(2);
		assertFails(() -> assertThat(this.events).hasTakenOver("x", "bob", "carl"),
				"'x' to be taken over from 'carl', but the events are [LockAcquiredEvent[resource=x");
		assertFails(() -> assertThat(this.events).hasReleased("x", "ann"),
				"a LockReleasedEvent of 'x' by 'ann', but the events are [LockAcquiredEvent[resource=x");
		assertFails(() -> assertThat(this.events).isEmpty(), "LockTakenOverEvent");
	}

	private static void assertFails(ThrowingCallable assertion, String message) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion).withMessageContaining(message);
	}

}
