package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.Ordered;

/**
 * Lets beans with {@link Locked @Locked} methods lock. The lock is around other advice,
 * so that a transaction has ended when it is given back, but not around the hand-over of
 * an asynchronous call.
 *
 * @since 0.1.0
 */
public final class LockedBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private final transient LockedMethods methods = new LockedMethods();

	/**
	 * Creates the post-processor. The beans are asked for at the first call, not when
	 * other beans are created.
	 * @param operations who locks
	 * @param lockers who knows the current locker, or {@code null} if nobody does
	 */
	public LockedBeanPostProcessor(Supplier<LockyOperations> operations, Supplier<@Nullable LockerResolver> lockers) {
		setProxyTargetClass(true);
		setBeforeExistingAdvisors(true);
		// Before that of @Async, which puts itself around what is there: the lock is held
		// while the method runs, not
		// while it is handed over to another thread.
		setOrder(Ordered.LOWEST_PRECEDENCE - 100);
		this.advisor = new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, Locked.class, true),
				new LockedInterceptor(this.methods, operations, lockers));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		this.methods.check(AopUtils.getTargetClass(bean));
		return super.postProcessAfterInitialization(bean, beanName);
	}

}
