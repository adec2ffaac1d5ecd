package io.locky.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockLostException;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.ResourceLockedException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Acquires all locks of a call, or none.
 */
final class MethodLockAcquirer {

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

	private final Supplier<LockyOperations> operations;

	MethodLockAcquirer(Supplier<LockyOperations> operations) {
		this.operations = operations;
	}

	/**
	 * Acquires the locks that the call chain does not hold yet, in the order of the
	 * request list, so that two calls never wait for each other. If one is denied, those
	 * acquired before are released.
	 * @param requested the locks
	 * @param chain the locks that the call chain holds
	 * @return the call, which holds its locks
	 * @throws ResourceLockedException if another locker holds one
	 * @throws LockLostException if the lease of one has ended already
	 */
	LockedInvocation acquire(RequestedLocks requested, HeldLocks chain) {
		long start = System.nanoTime();
		List<SharedLockHandle> acquired = new ArrayList<>();
		boolean complete = false;
		try {
			for (LockRequest request : requested.requests()) {
				SharedLockHandle held = chain.retain(request.resource(), requested.namedLocker());
				acquired.add((held != null) ? held : acquire(request, remaining(requested.waitFor(), start)));
			}
			requireValid(acquired);
			complete = true;
		}
		finally {
			if (!complete) {
				LockedInvocation.releaseAll(acquired, OnLost.LOG);
			}
		}
		return new LockedInvocation(List.copyOf(acquired), requested.onLost());
	}

	/**
	 * The reply may have come after the end of the lease: then the method must not run.
	 */
	private static void requireValid(List<SharedLockHandle> acquired) {
		for (SharedLockHandle lock : acquired) {
			if (!lock.handle().isValid()) {
				throw new LockLostException(lock.handle());
			}
		}
	}

	private SharedLockHandle acquire(LockRequest withoutWait, @Nullable Duration waitTimeout) {
		LockRequest request = (waitTimeout != null) ? withoutWait.waitUpTo(waitTimeout) : withoutWait;
		LockAttempt attempt = this.operations.get().tryLock(request.keepOnShutdown());
		if (attempt instanceof LockAttempt.Acquired acquired) {
			return new SharedLockHandle(acquired.handle());
		}
		LockAttempt.Denied denied = (LockAttempt.Denied) attempt;
		Assert.state(denied.lock() != null, "A denied attempt without takeOverFrom must name the lock");
		throw new ResourceLockedException(denied.lock());
	}

	private static @Nullable Duration remaining(@Nullable Duration waitFor, long start) {
		if (waitFor == null) {
			return null;
		}
		Duration remaining = waitFor.minusNanos(System.nanoTime() - start);
		return (remaining.compareTo(SHORTEST_WAIT) >= 0) ? remaining : null;
	}

	/**
	 * The locks to acquire for one call.
	 *
	 * @param requests the requests in the order of their resources, without the wait
	 * @param namedLocker the locker if the annotation names one, or {@code null}
	 * @param waitFor how long to wait for all of them together, or {@code null} for not
	 * at all
	 * @param onLost what to do if one is lost
	 */
	record RequestedLocks(List<LockRequest> requests, @Nullable String namedLocker, @Nullable Duration waitFor,
			OnLost onLost) {

	}

}
