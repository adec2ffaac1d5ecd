package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Adds the lock check to beans with {@link RequiresLock @RequiresLock} methods. The
 * advice goes outside other advice, so that a refused call begins no transaction, but
 * inside method security, after the validation of the arguments, and inside that of
 * {@link Locked @Locked}, so that nothing is waited for between the check and the call.
 *
 * @since 0.9.0
 */
public final class RequiresLockBeanPostProcessor extends AdvisingPostProcessor {

	private final transient RequiresLockMethod.Registry methods = new RequiresLockMethod.Registry(
			this::resolveProperties);

	/**
	 * Creates the post-processor. The suppliers are called at the end of the start-up and
	 * at the calls of methods with the annotation, not while beans are created.
	 * @param operations supplies the lock operations
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 */
	public RequiresLockBeanPostProcessor(Supplier<LockyOperations> operations,
			Supplier<@Nullable LockerResolver> lockers) {
		this(operations, () -> null, lockers);
	}

	/**
	 * Creates the post-processor, which checks the locks of methods that return a
	 * reactive type by the reactive operations, so that no thread waits for Redis. The
	 * suppliers are called at the end of the start-up and at the calls of methods with
	 * the annotation, not while beans are created.
	 * @param operations supplies the lock operations
	 * @param reactive supplies the reactive operations on the same locks, or {@code null}
	 * if there are none
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 */
	public RequiresLockBeanPostProcessor(Supplier<LockyOperations> operations,
			Supplier<@Nullable ReactiveLockyOperations> reactive, Supplier<@Nullable LockerResolver> lockers) {
		super(operations, lockers);
		this.advisor = new DefaultPointcutAdvisor(this.methods.pointcut(),
				new RequiresLockInterceptor(this.methods, new LockVerifier(operations, reactive), lockers));
	}

	@Override
	RequiresLockMethod.Registry methods() {
		return this.methods;
	}

	@Override
	void checkWithoutResolver(ConfigurableListableBeanFactory beans, LockedMethods locked) {
		new LockerCheck(beans, locked).check(this.methods.parsed());
	}

}
