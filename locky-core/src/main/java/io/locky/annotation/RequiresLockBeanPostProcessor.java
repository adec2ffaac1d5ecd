package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;

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
public final class RequiresLockBeanPostProcessor extends AdvisingPostProcessor {

	private final transient RequiresLockMethods methods = new RequiresLockMethods(this::withProperties);

	/**
	 * Creates the post-processor. The beans are asked for at the first call, not when
	 * other beans are created.
	 * @param operations who knows the locks
	 * @param lockers who knows the current locker, or {@code null} if nobody does
	 */
	public RequiresLockBeanPostProcessor(Supplier<LockyOperations> operations,
			Supplier<@Nullable LockerResolver> lockers) {
		// After those of others, around whose advice it stands, and before @Locked, whose
		// advice goes around this one.
		super(Ordered.LOWEST_PRECEDENCE - 1);
		this.advisor = new DefaultPointcutAdvisor(new AnnotationMatchingPointcut(null, RequiresLock.class, true),
				new RequiresLockInterceptor(this.methods, operations, lockers));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		this.methods.check(AopUtils.getTargetClass(bean));
		return super.postProcessAfterInitialization(bean, beanName);
	}

}
