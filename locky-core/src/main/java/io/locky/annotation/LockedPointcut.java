package io.locky.annotation;

import java.lang.reflect.Method;

import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * Matches the methods that lock.
 */
final class LockedPointcut extends StaticMethodMatcherPointcut {

	private final LockedMethods methods;

	LockedPointcut(LockedMethods methods) {
		this.methods = methods;
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return this.methods.isLocked(method, targetClass);
	}

}
