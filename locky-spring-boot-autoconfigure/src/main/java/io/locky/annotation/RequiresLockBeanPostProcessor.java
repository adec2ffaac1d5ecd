package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.Ordered;

/**
 * Lets methods with {@link RequiresLock @RequiresLock} run only for those who hold the
 * lock. The check is around other advice, so that a refused call begins no transaction,
 * but inside of what decides whether the caller may call at all, and inside that of
 * {@link Locked @Locked}, so that nothing is waited for between the check and the call.
 *
 * @since 0.1.0
 */
public final class RequiresLockBeanPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private final transient RequiresLockMethods methods = new RequiresLockMethods(this::withProperties);

	private final transient Advisor checkAdvisor;

	/**
	 * Creates the post-processor. The beans are asked for at the first call, not when
	 * other beans are created.
	 * @param operations who knows the locks
	 * @param lockers who knows the current locker, or {@code null} if nobody does
	 */
	public RequiresLockBeanPostProcessor(Supplier<LockyOperations> operations,
			Supplier<@Nullable LockerResolver> lockers) {
		setProxyTargetClass(true);
		// After those of others, around whose advice it stands, and before @Locked, which
		// puts
		// its advice around this one.
		setOrder(Ordered.LOWEST_PRECEDENCE - 1);
		this.checkAdvisor = new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, RequiresLock.class, true),
				new RequiresLockInterceptor(this.methods, operations, lockers));
		this.advisor = this.checkAdvisor;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> type = AopUtils.getTargetClass(bean);
		this.methods.check(type);
		if (bean instanceof Advised advised && !advised.isFrozen() && isEligible(type)) {
			advised.addAdvisor(AdviceOrder.placeIn(advised), this.checkAdvisor);
			return bean;
		}
		return super.postProcessAfterInitialization(bean, beanName);
	}

	private @Nullable String withProperties(String text) {
		return (this.beanFactory != null) ? this.beanFactory.resolveEmbeddedValue(text) : text;
	}

}
