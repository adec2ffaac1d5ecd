package io.locky.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.ResourceLockedException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Takes all locks of a call, or none.
 */
final class MethodLockAcquirer {

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

	private final Supplier<LockyOperations> operations;

	MethodLockAcquirer(Supplier<LockyOperations> operations) {
		this.operations = operations;
	}

	/**
	 * Takes the locks that the call chain does not hold yet. In the order of their names,
	 * so that two calls never wait for each other; those that were taken are given back
	 * if one is held.
	 * @param wanted the locks
	 * @param chain what the call chain holds
	 * @return the call that has them
	 * @throws ResourceLockedException if somebody else holds one
	 */
	LockedInvocation take(WantedLocks wanted, HeldLocks chain) {
		long start = System.nanoTime();
		List<SharedLockHandle> taken = new ArrayList<>();
		boolean complete = false;
		try {
			for (LockRequest request : wanted.requests()) {
				SharedLockHandle held = chain.retain(request.resource(), wanted.namedLocker());
				taken.add((held != null) ? held : acquire(request, rest(wanted.waitFor(), start)));
			}
			complete = true;
		}
		finally {
			if (!complete) {
				LockedInvocation.releaseAll(taken, OnLost.LOG);
			}
		}
		return new LockedInvocation(List.copyOf(taken), wanted.onLost());
	}

	private SharedLockHandle acquire(LockRequest plain, @Nullable Duration patience) {
		LockRequest request = (patience != null) ? plain.waitUpTo(patience) : plain;
		LockAttempt attempt = this.operations.get().tryLock(request);
		if (attempt instanceof LockAttempt.Acquired acquired) {
			return new SharedLockHandle(acquired.handle());
		}
		LockAttempt.Denied denied = (LockAttempt.Denied) attempt;
		Assert.state(denied.lock() != null, "A plain request is denied by a holder");
		throw new ResourceLockedException(denied.lock());
	}

	private static @Nullable Duration rest(@Nullable Duration waitFor, long start) {
		if (waitFor == null) {
			return null;
		}
		Duration rest = waitFor.minusNanos(System.nanoTime() - start);
		return (rest.compareTo(SHORTEST_WAIT) >= 0) ? rest : null;
	}

}
