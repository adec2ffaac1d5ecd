package io.locky.annotation;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequiredException;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import org.jspecify.annotations.Nullable;

/**
 * Verifies that the locks a call requires are held, in one round trip to Redis.
 */
final class LockVerifier {

	private final Supplier<LockyOperations> operations;

	private final Supplier<@Nullable ReactiveLockyOperations> reactive;

	LockVerifier(Supplier<LockyOperations> operations, Supplier<@Nullable ReactiveLockyOperations> reactive) {
		this.operations = operations;
		this.reactive = reactive;
	}

	@Nullable ReactiveLockyOperations reactive() {
		return this.reactive.get();
	}

	/**
	 * Verifies the locks of a call.
	 * @param requirement the locks that it requires
	 * @param currentLocker the current locker, or {@code null} if there is none
	 * @param chain the locks that the call chain holds through annotations: for these,
	 * the current locker is the one that holds them
	 * @throws ResourceLockedException if another locker holds a lock
	 * @throws LockRequiredException if a lock is free, or held with another fence
	 */
	void verify(Requirement requirement, @Nullable String currentLocker, HeldLocks chain) {
		verify(requirement, currentLocker, chain, this.operations.get().findAll(requirement.resources()));
	}

	/**
	 * Verifies the locks of a call, without a call to Redis.
	 * @param requirement the locks that it requires
	 * @param currentLocker the current locker, or {@code null} if there is none
	 * @param chain the locks that the call chain holds through annotations
	 * @param held those of the locks that are held, by the names of their resources
	 * @throws ResourceLockedException if another locker holds a lock
	 * @throws LockRequiredException if a lock is free, or held with another fence
	 */
	void verify(Requirement requirement, @Nullable String currentLocker, HeldLocks chain, Map<String, LockInfo> held) {
		for (int i = 0; i < requirement.resources().size(); i++) {
			String resource = requirement.resources().get(i);
			String locker = locker(requirement, currentLocker, chain.find(resource));
			if (locker == null && requirement.fences().isEmpty()) {
				throw noLocker(requirement);
			}
			verify(resource, held.get(resource), locker, requirement.fence(i));
		}
	}

	private static @Nullable String locker(Requirement requirement, @Nullable String currentLocker,
			@Nullable LockHandle own) {
		if (requirement.locker() != null) {
			return requirement.locker();
		}
		return (own != null) ? own.locker() : currentLocker;
	}

	private static IllegalStateException noLocker(Requirement requirement) {
		return new IllegalStateException(("@RequiresLock on %s has no locker to check the lock against; log the caller "
				+ "in, register a LockerResolver bean, or set 'locker' or 'fence' of the annotation")
			.formatted(requirement.method()));
	}

	private static void verify(String resource, @Nullable LockInfo held, @Nullable String locker,
			@Nullable Long fence) {
		if (held == null) {
			throw LockRequiredException.free(resource);
		}
		if (locker != null && !held.locker().equals(locker)) {
			throw new ResourceLockedException(held);
		}
		if (fence != null && held.fence() != fence) {
			// Without a locker there is no way to see whether the same one holds it.
			throw (locker != null) ? LockRequiredException.otherGrant(held, fence) : new ResourceLockedException(held);
		}
	}

	/**
	 * The locks that one call requires.
	 *
	 * @param method the name of the method, for errors
	 * @param resources the resources that must be locked
	 * @param locker the locker that must hold them, or {@code null} for the current one
	 * @param fences the fences of the grants, one for each resource, or empty for any
	 */
	record Requirement(String method, List<String> resources, @Nullable String locker, List<Long> fences) {

		@Nullable Long fence(int index) {
			return this.fences.isEmpty() ? null : this.fences.get(index);
		}

	}

}
