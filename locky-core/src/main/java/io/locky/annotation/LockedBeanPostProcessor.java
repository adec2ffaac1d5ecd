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
import org.springframework.core.Ordered;

/**
 * Lets beans with {@link Locked @Locked} methods lock. The lock is around other advice,
 * so that a transaction has ended when it is given back, but not around the hand-over of
 * an asynchronous call, nor around the check whether the caller may call.
 *
 * @since 0.1.0
 */
public final class LockedBeanPostProcessor extends AdvisingPostProcessor {

	private final transient LockedMethods methods = new LockedMethods(this::withProperties);

	/**
	 * Creates the post-processor. The beans are asked for at the first call, not when
	 * other beans are created.
	 * @param operations who locks
	 * @param lockers who knows the current locker, or {@code null} if nobody does
	 */
	public LockedBeanPostProcessor(Supplier<LockyOperations> operations, Supplier<@Nullable LockerResolver> lockers) {
		// After those of others, whose advice it must stand around. That of @Async comes
		// as late, but puts itself around what is there.
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
	 * Only such a bean is asked for: its annotation may be on an interface that its
	 * target has not.
	 */
	@Override
	boolean isMeant(Object bean) {
		return true;
	}

}
