package io.locky.core;

import java.time.Duration;

import io.locky.InvalidLockValueException;
import io.locky.LockNames;
import io.locky.internal.lock.OwnedLock;

import org.springframework.util.Assert;

/**
 * The arguments of the templates, which name locks and their owners.
 */
final class LockArguments {

	private static final Duration LONGEST_IDLE = Duration.ofDays(365);

	private LockArguments() {
	}

	static OwnedLock any(Object resource) {
		return OwnedLock.byAnyone(LockNames.resource(resource));
	}

	static OwnedLock of(Object resource, Object locker) {
		return OwnedLock.byLocker(LockNames.resource(resource), LockNames.locker(locker));
	}

	static OwnedLock grant(Object resource, Object locker, long fence) {
		if (fence <= 0) {
			throw new InvalidLockValueException(
					"'fence' must be positive, but is %d: pass the fence of the grant".formatted(fence));
		}
		return OwnedLock.byGrant(LockNames.resource(resource), LockNames.locker(locker), fence);
	}

	static Duration idle(Duration idle) {
		Assert.isTrue(!idle.isNegative() && idle.compareTo(LONGEST_IDLE) <= 0,
				() -> "'idle' must be from 0 to 365 days, but is " + idle);
		return idle;
	}

}
