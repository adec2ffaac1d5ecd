package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;

/**
 * Lets a method run only if its locks are held.
 */
final class RequiresLockInterceptor implements MethodInterceptor {

	private final RequiresLockMethods methods;

	private final LockVerifier gate;

	private final CurrentLocker lockers;

	RequiresLockInterceptor(RequiresLockMethods methods, Supplier<LockyOperations> operations,
			Supplier<@Nullable LockerResolver> lockers) {
		this.methods = methods;
		this.gate = new LockVerifier(operations);
		this.lockers = new CurrentLocker(lockers);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? target.getClass() : invocation.getMethod().getDeclaringClass();
		RequiresLockMethod method = this.methods.get(invocation.getMethod(), type);
		ReactiveAdapter reactive = method.reactive();
		if (reactive != null) {
			return new ReactiveLockVerifier(this.gate, this.lockers).guard(invocation, method, reactive);
		}
		LockRequirement requirement = method.requirement(invocation.getArguments());
		this.gate.check(requirement, (requirement.locker() != null) ? null : this.lockers.get(), HeldLocks.current());
		return invocation.proceed();
	}

}
