package io.locky.annotation;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ResourceLockedException;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.Assert;

/**
 * Holds a lock around the call of a method, and until the stage that it returns is
 * completed. The lock is renewed as long as that takes.
 */
final class LockedInterceptor implements MethodInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(LockedInterceptor.class);

	/** Whatever the configured ttl is: a crash must not leave a method locked. */
	private static final Duration LEASE = Duration.ofSeconds(30);

	private final LockedMethods methods;

	private final Supplier<LockyOperations> operations;

	private final Supplier<@Nullable LockerResolver> lockers;

	LockedInterceptor(LockedMethods methods, Supplier<LockyOperations> operations,
			Supplier<@Nullable LockerResolver> lockers) {
		this.methods = methods;
		this.operations = operations;
		this.lockers = lockers;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? target.getClass() : invocation.getMethod().getDeclaringClass();
		LockedMethod method = this.methods.get(invocation.getMethod(), type);
		LockHandle lock = acquire(
				LockRequest.of(method.resource(invocation.getArguments())).by(locker(method)).ttl(LEASE).renewed());
		boolean pending = false;
		try {
			Object result = invocation.proceed();
			if (result instanceof CompletionStage<?> stage) {
				pending = true;
				return stage.whenComplete((value, failure) -> release(lock));
			}
			return result;
		}
		finally {
			if (!pending) {
				release(lock);
			}
		}
	}

	private LockHandle acquire(LockRequest request) {
		LockAttempt attempt = this.operations.get().tryLock(request);
		if (attempt instanceof LockAttempt.Acquired acquired) {
			return acquired.handle();
		}
		LockAttempt.Denied denied = (LockAttempt.Denied) attempt;
		Assert.state(denied.holder() != null, "A plain request is denied by a holder");
		throw new ResourceLockedException(denied.holder());
	}

	private Object locker(LockedMethod method) {
		LockerResolver resolver = this.lockers.get();
		Object locker = (resolver != null) ? resolver.resolveLocker() : null;
		return (locker != null) ? locker : method.label() + "/" + UUID.randomUUID();
	}

	/**
	 * The method has done its work: what it returns or throws counts, not that Redis is
	 * gone.
	 */
	private static void release(LockHandle lock) {
		if (!lock.isValid()) {
			logger.warn("{} was lost while the method ran: another call may have run at the same time", lock);
		}
		try {
			lock.close();
		}
		catch (RuntimeException ex) {
			logger.warn("{} could not be released and expires within {} s: {}", lock, LEASE.toSeconds(),
					ex.getMessage());
		}
	}

}
