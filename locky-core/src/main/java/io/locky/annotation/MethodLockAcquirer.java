package io.locky.annotation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockLostException;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.annotation.WaitingCalls.WaitingCall;
import io.locky.observation.LockyObservations;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Acquires all locks of a call, or none: those that the call chain does not hold yet, in
 * the order of the request list, so that two calls do not wait for each other.
 */
final class MethodLockAcquirer {

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

	private static final String ADVICE = "lock both with one @Locked, or in the same order everywhere";

	private final Supplier<LockyOperations> operations;

	private final Supplier<@Nullable ReactiveLockyOperations> reactive;

	private final WaitingCalls waitingCalls = new WaitingCalls();

	private final LockExecutor releases;

	private final Supplier<LockyObservations> observations;

	/**
	 * Creates an acquirer.
	 * @param operations supplies the lock operations
	 * @param reactive supplies the reactive ones, or {@code null} if there are none
	 * @param releases runs the release of locks that were acquired in vain
	 * @param observations supplies the observations
	 */
	MethodLockAcquirer(Supplier<LockyOperations> operations, Supplier<@Nullable ReactiveLockyOperations> reactive,
			LockExecutor releases, Supplier<LockyObservations> observations) {
		this.operations = operations;
		this.reactive = reactive;
		this.releases = releases;
		this.observations = observations;
	}

	LockyOperations operations() {
		return this.operations.get();
	}

	@Nullable ReactiveLockyOperations reactive() {
		return this.reactive.get();
	}

	LockyObservations observations() {
		return this.observations.get();
	}

	/**
	 * Acquires the locks in the calling thread. If one is denied, those acquired before
	 * are released.
	 * @param requested the locks
	 * @param chain the locks that the call chain holds
	 * @return the call, which holds its locks
	 * @throws ResourceLockedException if another locker holds one
	 * @throws LockLostException if the lease of one has ended already
	 */
	LockedInvocation acquire(RequestedLocks requested, HeldLocks chain) {
		long start = System.nanoTime();
		List<SharedLockHandle> acquired = new ArrayList<>(requested.requests().size());
		boolean complete = false;
		try {
			for (LockRequest request : requested.requests()) {
				SharedLockHandle held = chain.retain(request.resource(), requested.namedLocker());
				acquired.add((held != null) ? held
						: acquire(request, remaining(requested.waitFor(), start), chain, acquired));
			}
			LockedInvocation call = new LockedInvocation(acquired, requested.onLost());
			call.requireValid();
			complete = true;
			return call;
		}
		finally {
			if (!complete) {
				LockedInvocation.releaseAll(acquired, OnLost.LOG);
			}
		}
	}

	/**
	 * Acquires the locks as {@link #acquire(RequestedLocks, HeldLocks) acquire} does,
	 * without the calling thread.
	 * @param requested the locks
	 * @param chain the locks that the call chain holds
	 * @param attempts begins an attempt
	 * @return completed with the call, which holds its locks. Cancelling it releases them
	 */
	CompletableFuture<LockedInvocation> acquireAsync(RequestedLocks requested, HeldLocks chain,
			Function<LockRequest, CompletableFuture<LockAttempt>> attempts) {
		AsyncAcquisition acquisition = new AsyncAcquisition(this, requested, chain, attempts, this.releases);
		return acquisition.start();
	}

	private SharedLockHandle acquire(LockRequest withoutWait, @Nullable Duration waitTimeout, HeldLocks chain,
			List<SharedLockHandle> acquired) {
		LockyOperations locks = this.operations.get();
		LockRequest request = withoutWait.keepOnShutdown();
		if (waitTimeout == null) {
			return granted(locks.tryLock(request), null);
		}
		if (chain.isEmpty() && acquired.isEmpty()) {
			return granted(locks.tryLock(request.waitUpTo(waitTimeout)), null);
		}
		LockAttempt first = locks.tryLock(request);
		if (first instanceof LockAttempt.Acquired) {
			return granted(first, null);
		}
		try (WaitingCall wait = this.waitingCalls.enter(request.resource(), chain, acquired)) {
			return granted((wait.circle() != null) ? first : locks.tryLock(request.waitUpTo(waitTimeout)), wait);
		}
	}

	/**
	 * Acquires one lock without the calling thread.
	 * @param withoutWait the request, without the wait
	 * @param waitTimeout how long to wait, or {@code null} for not at all
	 * @param chain the locks that the call chain holds
	 * @param acquired those that the call has acquired before
	 * @param attempts begins an attempt
	 * @return the future of the lock
	 */
	AsyncAttempt acquireAsync(LockRequest withoutWait, @Nullable Duration waitTimeout, HeldLocks chain,
			List<SharedLockHandle> acquired, Function<LockRequest, CompletableFuture<LockAttempt>> attempts) {
		LockRequest request = withoutWait.keepOnShutdown();
		if (waitTimeout == null || (chain.isEmpty() && acquired.isEmpty())) {
			LockRequest waiting = (waitTimeout != null) ? request.waitUpTo(waitTimeout) : request;
			return new AsyncAttempt(attempts.apply(waiting), null);
		}
		WaitingCall wait = this.waitingCalls.enter(request.resource(), chain, acquired);
		LockRequest waiting = (wait.circle() != null) ? request : request.waitUpTo(waitTimeout);
		CompletableFuture<LockAttempt> attempt = attempts.apply(waiting);
		attempt.whenComplete((result, failure) -> wait.close());
		return new AsyncAttempt(attempt, wait);
	}

	/**
	 * The lock that an attempt was granted.
	 * @param attempt the attempt
	 * @param wait how the call waited, if it holds other locks
	 * @return the lock
	 * @throws ResourceLockedException if another locker holds it
	 */
	static SharedLockHandle granted(LockAttempt attempt, @Nullable WaitingCall wait) {
		if (attempt instanceof LockAttempt.Acquired acquired) {
			return new SharedLockHandle(acquired.handle());
		}
		LockInfo lock = ((LockAttempt.Denied) attempt).lock();
		Assert.state(lock != null, "A denied attempt without takeOverFrom must name the lock");
		throw (wait != null) ? denied(lock, wait) : new ResourceLockedException(lock);
	}

	private static ResourceLockedException denied(LockInfo lock, WaitingCall wait) {
		if (wait.circle() != null) {
			return new ResourceLockedException(lock,
					"'%s' is locked by '%s', and that call waits for '%s', which this call holds: they would wait for each other; %s"
						.formatted(lock.resource(), lock.locker(), wait.circle(), ADVICE));
		}
		return new ResourceLockedException(lock,
				"'%s' is locked by '%s', also at the end of the wait; this call holds %s meanwhile. If both calls wait for each other, %s"
					.formatted(lock.resource(), lock.locker(), wait.held(), ADVICE));
	}

	/**
	 * The rest of a wait.
	 * @param waitFor how long to wait for all locks together, or {@code null}
	 * @param start when the wait began
	 * @return the rest, or {@code null} to not wait
	 */
	static @Nullable Duration remaining(@Nullable Duration waitFor, long start) {
		if (waitFor == null) {
			return null;
		}
		Duration remaining = waitFor.minusNanos(System.nanoTime() - start);
		return (remaining.compareTo(SHORTEST_WAIT) >= 0) ? remaining : null;
	}

	/**
	 * An attempt without the calling thread.
	 *
	 * @param result the future of its result
	 * @param waiting how the call waits, if it holds other locks
	 */
	record AsyncAttempt(CompletableFuture<LockAttempt> result, @Nullable WaitingCall waiting) {

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

		/** The names of the resources. */
		List<String> resources() {
			return this.requests.stream().map(LockRequest::resource).toList();
		}

	}

}
