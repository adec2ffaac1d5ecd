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
 * Adds the lock check to beans with {@link RequiresLock @RequiresLock} methods. The
 * advice goes outside other advice, so that a refused call begins no transaction, but
 * inside method security, and inside that of {@link Locked @Locked}, so that nothing is
 * waited for between the check and the call.
 *
 * @since 0.1.0
 */
public final class RequiresLockBeanPostProcessor extends AdvisingPostProcessor {

	private final transient RequiresLockMethod.Registry methods = new RequiresLockMethod.Registry(
			this::resolveProperties);

	/**
	 * Creates the post-processor. The suppliers are called at the first call of a method
	 * with the annotation, not while beans are created.
	 * @param operations supplies the lock operations
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 */
	public RequiresLockBeanPostProcessor(Supplier<LockyOperations> operations,
			Supplier<@Nullable LockerResolver> lockers) {
		// After the post-processors whose advice must be inside, and before that of
		// @Locked, whose advice must be outside.
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
