package io.locky.test;

import java.time.Duration;
import java.util.Objects;

import io.locky.LockInfo;
import io.locky.LockNames;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a lock that is held.
 *
 * @since 0.9.0
 */
public final class LockInfoAssert extends AbstractAssert<LockInfoAssert, LockInfo> {

	LockInfoAssert(LockInfo actual) {
		super(actual, LockInfoAssert.class);
	}

	/**
	 * Asserts who holds the lock.
	 * @param locker the locker: text, a number, a UUID or an enum constant
	 * @return these assertions
	 */
	public LockInfoAssert heldBy(Object locker) {
		return has("locker", LockNames.locker(locker), this.actual.locker());
	}

	/**
	 * Asserts which grant holds the lock.
	 * @param fence the fencing token of the grant
	 * @return these assertions
	 */
	public LockInfoAssert withFence(long fence) {
		return has("fence", fence, this.actual.fence());
	}

	/**
	 * Asserts the note.
	 * @param note the text that the holder left, or {@code null} for none
	 * @return these assertions
	 */
	public LockInfoAssert withNote(@Nullable String note) {
		return has("note", note, this.actual.note());
	}

	/**
	 * Asserts the rest of the lease. In memory it is exact; in Redis it gets shorter all
	 * the time.
	 * @param rest the rest, or {@code null} if the lease does not end
	 * @return these assertions
	 */
	public LockInfoAssert expiresIn(@Nullable Duration rest) {
		return has("rest of the lease", rest, this.actual.expiresIn());
	}

	private LockInfoAssert has(String what, @Nullable Object expected, @Nullable Object found) {
		if (!Objects.equals(expected, found)) {
			throw failureWithActualExpected(found, expected,
					"Expected the %s of the lock of '%s' to be %s, but it is %s", what, this.actual.resource(),
					expected, found);
		}
		return this;
	}

}
