package io.locky.annotation;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.locky.LockLostException;
import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.annotation.MethodLockAcquirer.RequestedLocks;
import io.locky.observation.LockyObservation;
import io.locky.observation.LockyObservationContext.Outcome;
import io.locky.observation.LockyObservations;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Holds locks while a method runs and until the future or publisher that it returns has
 * ended.
 */
final class LockedInterceptor implements MethodInterceptor {

	private final LockedMethods methods;

	private final MethodLockAcquirer acquirer;

	private final CurrentLocker currentLocker;

	private final LockExecutor releases = new LockExecutor("locky-release-");

	private final FutureCompletion futureCompletion = new FutureCompletion(this.releases);

	LockedInterceptor(LockedMethods methods, Supplier<LockyOperations> operations,
			Supplier<@Nullable ReactiveLockyOperations> reactive, Supplier<@Nullable LockerResolver> lockers,
			Supplier<LockyObservations> observations) {
		this.methods = methods;
		this.acquirer = new MethodLockAcquirer(operations, reactive, this.releases, observations);
		this.currentLocker = new CurrentLocker(lockers);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? target.getClass() : invocation.getMethod().getDeclaringClass();
		LockedMethod method = this.methods.get(invocation.getMethod(), type);
		if (method.reactive() != null) {
			return ReactiveLockedInvocation.publisher(method, method.reactive(), invocation, this.acquirer,
					this.currentLocker, this.releases);
		}
		LockyObservation observation = method.observe(this.acquirer.observations(), null);
		return observation.isNoop() ? invoke(method, invocation, observation)
				: observe(method, invocation, observation);
	}

	private @Nullable Object observe(LockedMethod method, MethodInvocation invocation, LockyObservation observation)
			throws Throwable {
		try {
			Object result = observation.call(() -> invoke(method, invocation, observation));
			if (result instanceof CompletionStage<?> stage) {
				observation.endWith(stage);
			}
			else {
				observation.end();
			}
			return result;
		}
		catch (Throwable ex) {
			observation.fail(ex);
			throw ex;
		}
	}

	private @Nullable Object invoke(LockedMethod method, MethodInvocation invocation, LockyObservation observation)
			throws Throwable {
		LockedInvocation call;
		try {
			String locker = method.namesLocker() ? null : this.currentLocker.get();
			RequestedLocks requested = method.locksFor(invocation.getArguments(), locker);
			if (observation.includesResource()) {
				observation.resources(requested.resources());
			}
			call = this.acquirer.acquire(requested, HeldLocks.current());
			observation.outcome(Outcome.GRANTED);
		}
		catch (ResourceLockedException ex) {
			observation.outcome(Outcome.DENIED);
			return method.resultIfDenied(invocation, ex);
		}
		return run(call, invocation);
	}

	private @Nullable Object run(LockedInvocation call, MethodInvocation invocation) throws Throwable {
		Object result;
		try {
			TransactionBoundRelease.register(call);
			result = call.proceed(invocation, call.locks());
			if (result instanceof CompletionStage<?> stage) {
				return this.futureCompletion.endOnCompletion(call, stage);
			}
		}
		catch (Throwable ex) {
			call.end(ex);
			throw ex;
		}
		LockLostException loss = call.end();
		if (loss != null) {
			throw loss;
		}
		return result;
	}

}
