package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.Ordered;

/**
 * Adds locking to beans with {@link Locked @Locked} methods. The advice goes outside
 * other advice, so that a transaction has ended before the lock is released, but inside
 * the hand-over of an asynchronous call and inside method security.
 *
 * @since 0.1.0
 */
public final class LockedBeanPostProcessor extends AdvisingPostProcessor {

	private final transient LockedMethods methods = new LockedMethods(this::resolveProperties);

	/**
	 * Creates the post-processor. The suppliers are called at the first call of a locked
	 * method, not while beans are created.
	 * @param operations supplies the lock operations
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 */
	public LockedBeanPostProcessor(Supplier<LockyOperations> operations, Supplier<@Nullable LockerResolver> lockers) {
		// After the post-processors whose advice must be inside. That of @Async runs as
		// late, but always adds its advice outside of what is there.
		super(Ordered.LOWEST_PRECEDENCE);
		this.advisor = new DefaultPointcutAdvisor(new LockedPointcut(this.methods),
				new LockedInterceptor(this.methods, operations, lockers));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Optional<Method> locked = (bean instanceof AopInfrastructureBean) ? Optional.empty() : this.methods.check(bean);
		if (locked.isEmpty()) {
			return bean;
		}
		if (!(bean instanceof Advised advised) || advised.isFrozen()) {
			ProxyConstraints.checkClass(AopUtils.getTargetClass(bean), locked.get());
		}
		return super.postProcessAfterInitialization(bean, beanName);
	}

	/**
	 * Always true, because only beans with a locked method get here. The pointcut would
	 * miss an annotation on an interface of the proxy that its target lacks.
	 */
	@Override
	boolean shouldAdvise(Object bean) {
		return true;
	}

	/** Matches the methods that lock. */
	private static final class LockedPointcut extends StaticMethodMatcherPointcut {

		private final LockedMethods methods;

		LockedPointcut(LockedMethods methods) {
			this.methods = methods;
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return this.methods.isLocked(method, targetClass);
		}

	}

}
