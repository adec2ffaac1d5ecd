package io.locky.annotation;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.locky.LockLostException;
import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ResourceLockedException;
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
			Supplier<@Nullable LockerResolver> lockers) {
		this.methods = methods;
		this.acquirer = new MethodLockAcquirer(operations, this.releases);
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
		LockedInvocation call;
		try {
			String locker = method.namesLocker() ? null : this.currentLocker.get();
			call = this.acquirer.acquire(method.locksFor(invocation.getArguments(), locker), HeldLocks.current());
		}
		catch (ResourceLockedException ex) {
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
