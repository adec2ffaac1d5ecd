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
 * Holds locks around the call of a method, and until what it returns has ended. The locks
 * are renewed as long as that takes.
 */
final class LockedInterceptor implements MethodInterceptor {

	private final LockedMethods methods;

	private final MethodLockAcquirer taker;

	private final CurrentLocker lockers;

	private final FutureCompletion stages = new FutureCompletion();

	LockedInterceptor(LockedMethods methods, Supplier<LockyOperations> operations,
			Supplier<@Nullable LockerResolver> lockers) {
		this.methods = methods;
		this.taker = new MethodLockAcquirer(operations);
		this.lockers = new CurrentLocker(lockers);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? target.getClass() : invocation.getMethod().getDeclaringClass();
		LockedMethod method = this.methods.get(invocation.getMethod(), type);
		if (method.reactive() != null) {
			return ReactiveLockedInvocation.publisher(method, method.reactive(), invocation, this.taker, this.lockers);
		}
		LockedInvocation call;
		try {
			call = this.taker.take(wanted(method, invocation), HeldLocks.current());
		}
		catch (ResourceLockedException ex) {
			return method.denial().answer(invocation, ex);
		}
		return run(call, invocation);
	}

	private @Nullable Object run(LockedInvocation call, MethodInvocation invocation) throws Throwable {
		Object result;
		try {
			TransactionBoundRelease.keep(call);
			result = LockedInvocation.proceed(invocation, call.holds());
		}
		catch (Throwable ex) {
			call.end(ex);
			throw ex;
		}
		if (result instanceof CompletionStage<?> stage) {
			return this.stages.endWith(call, stage);
		}
		LockLostException loss = call.end();
		if (loss != null) {
			throw loss;
		}
		return result;
	}

	private WantedLocks wanted(LockedMethod method, MethodInvocation invocation) {
		String caller = (method.texts().locker() != null) ? null : this.lockers.get();
		return method.wanted(invocation.getArguments(), caller);
	}

}
