package io.locky.annotation;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.util.List;

import org.aopalliance.aop.Advice;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.Pointcuts;

/**
 * Validates the arguments of a call before its locks are acquired. The advice of Spring
 * that validates arguments and results stays where it is, so that an invalid result still
 * rolls back the transaction; this one uses it for the arguments alone.
 *
 * @param validation the advisor of Spring
 * @param locked the methods with a lock annotation
 */
record ArgumentValidation(Advisor validation,
		List<? extends AnnotatedMethods<?, ?>> locked) implements PointcutAdvisor, MethodInterceptor {

	@Override
	public Advice getAdvice() {
		return this;
	}

	@Override
	public Pointcut getPointcut() {
		Pointcut validated = (this.validation instanceof PointcutAdvisor advisor) ? advisor.getPointcut()
				: Pointcut.TRUE;
		return this.locked.stream()
			.map((methods) -> Pointcuts.intersection(validated, methods.pointcut()))
			.reduce(Pointcuts::union)
			.orElse(validated);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		if (this.validation.getAdvice() instanceof MethodInterceptor interceptor) {
			try {
				interceptor.invoke(new Arguments(invocation));
			}
			catch (ValidArguments ex) {
				// As expected.
			}
		}
		return invocation.proceed();
	}

	/**
	 * A call that ends as soon as its arguments are found valid.
	 *
	 * @param call the call
	 */
	private record Arguments(MethodInvocation call) implements MethodInvocation {

		@Override
		public Method getMethod() {
			return this.call.getMethod();
		}

		@Override
		public @Nullable Object[] getArguments() {
			return this.call.getArguments().clone();
		}

		@Override
		public @Nullable Object proceed() {
			throw new ValidArguments();
		}

		@Override
		public @Nullable Object getThis() {
			Object target = this.call.getThis();
			return (target == null && this.call instanceof ProxyMethodInvocation proxied) ? proxied.getProxy() : target;
		}

		@Override
		public AccessibleObject getStaticPart() {
			return this.call.getStaticPart();
		}

	}

	private static final class ValidArguments extends RuntimeException {

		ValidArguments() {
			super("The arguments are valid", null, false, false);
		}

	}

}
