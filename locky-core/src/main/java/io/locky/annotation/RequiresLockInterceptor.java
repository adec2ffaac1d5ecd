package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockerResolver;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;

/**
 * Runs a method only if the locks that it requires are held.
 */
final class RequiresLockInterceptor implements MethodInterceptor {

	private final RequiresLockMethod.Registry methods;

	private final LockVerifier verifier;

	private final CurrentLocker currentLocker;

	private final LockExecutor threads = new LockExecutor("locky-verify-");

	RequiresLockInterceptor(RequiresLockMethod.Registry methods, LockVerifier verifier,
			Supplier<@Nullable LockerResolver> lockers) {
		this.methods = methods;
		this.verifier = verifier;
		this.currentLocker = new CurrentLocker(lockers);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? target.getClass() : invocation.getMethod().getDeclaringClass();
		RequiresLockMethod method = this.methods.get(invocation.getMethod(), type);
		ReactiveAdapter reactive = method.reactive();
		if (reactive != null) {
			return new ReactiveLockVerifier(this.verifier, this.currentLocker, this.threads).publisher(invocation,
					method, reactive);
		}
		LockVerifier.Requirement requirement = method.requirement(invocation.getArguments());
		String locker = (requirement.locker() != null) ? null : this.currentLocker.get();
		this.verifier.verify(requirement, locker, HeldLocks.current());
		return invocation.proceed();
	}

}
