package io.locky.annotation;

import java.util.Map;
import java.util.function.Supplier;

import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequiredException;
import io.locky.LockyOperations;
import io.locky.ResourceLockedException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a call pass if its locks are held as it needs them, asking Redis once.
 */
final class LockVerifier {

	private final Supplier<LockyOperations> operations;

	LockVerifier(Supplier<LockyOperations> operations) {
		this.operations = operations;
	}

	/**
	 * Checks the locks of a call.
	 * @param requirement what it needs
	 * @param current who calls, or {@code null} if nobody knows
	 * @param chain what the call chain holds by annotation: there the caller is whoever
	 * holds it
	 */
	void check(LockRequirement requirement, @Nullable String current, HeldLocks chain) {
		Map<String, LockInfo> held = this.operations.get().findAll(requirement.resources());
		for (int i = 0; i < requirement.resources().size(); i++) {
			String resource = requirement.resources().get(i);
			String locker = locker(requirement, current, chain.find(resource));
			if (locker == null && requirement.fences().isEmpty()) {
				throw unknownLocker(requirement);
			}
			check(resource, held.get(resource), locker, requirement.fence(i));
		}
	}

	private static @Nullable String locker(LockRequirement requirement, @Nullable String current,
			@Nullable LockHandle own) {
		if (requirement.locker() != null) {
			return requirement.locker();
		}
		return (own != null) ? own.locker() : current;
	}

	private static IllegalStateException unknownLocker(LockRequirement requirement) {
		return new IllegalStateException(("@RequiresLock on %s cannot know who must hold the lock; log the caller in, "
				+ "register a LockerResolver bean, or set 'locker' or 'fence' of the annotation")
			.formatted(requirement.method()));
	}

	private static void check(String resource, @Nullable LockInfo held, @Nullable String locker, @Nullable Long fence) {
		if (held == null) {
			throw LockRequiredException.free(resource);
		}
		if (locker != null && !held.locker().equals(locker)) {
			throw new ResourceLockedException(held);
		}
		if (fence != null && held.fence() != fence) {
			// Of a caller without a name nobody can say whether it is the same one.
			throw (locker != null) ? LockRequiredException.otherGrant(held, fence) : new ResourceLockedException(held);
		}
	}

}
