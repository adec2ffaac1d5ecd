package io.locky.annotation;

import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.observation.LockyObservations;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.DefaultPointcutAdvisor;

/**
 * Adds locking to beans with {@link Locked @Locked} methods. The advice goes outside
 * other advice, so that a transaction has ended before the lock is released, but inside
 * the hand-over of an asynchronous call, inside method security and after the validation
 * of the arguments.
 *
 * @since 0.9.0
 */
public final class LockedBeanPostProcessor extends AdvisingPostProcessor {

	private final transient LockedMethods methods = new LockedMethods(this::resolveProperties);

	/**
	 * Creates the post-processor. The suppliers are called at the end of the start-up and
	 * at the calls of locked methods, not while beans are created.
	 * @param operations supplies the lock operations
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 */
	public LockedBeanPostProcessor(Supplier<LockyOperations> operations, Supplier<@Nullable LockerResolver> lockers) {
		this(operations, lockers, () -> LockyObservations.NONE);
	}

	/**
	 * Creates the post-processor, with observations of the calls. The suppliers are
	 * called at the end of the start-up and at the calls of locked methods, not while
	 * beans are created.
	 * @param operations supplies the lock operations
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 * @param observations supplies the observations
	 */
	public LockedBeanPostProcessor(Supplier<LockyOperations> operations, Supplier<@Nullable LockerResolver> lockers,
			Supplier<LockyObservations> observations) {
		this(operations, () -> null, lockers, observations);
	}

	/**
	 * Creates the post-processor, which locks methods that return a reactive type by the
	 * reactive operations, so that no thread waits for Redis. The suppliers are called at
	 * the end of the start-up and at the calls of locked methods, not while beans are
	 * created.
	 * @param operations supplies the lock operations
	 * @param reactive supplies the reactive operations on the same locks, or {@code null}
	 * if there are none
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 * @param observations supplies the observations
	 */
	public LockedBeanPostProcessor(Supplier<LockyOperations> operations,
			Supplier<@Nullable ReactiveLockyOperations> reactive, Supplier<@Nullable LockerResolver> lockers,
			Supplier<LockyObservations> observations) {
		super(operations, lockers);
		this.advisor = new DefaultPointcutAdvisor(this.methods.pointcut(),
				new LockedInterceptor(this.methods, operations, reactive, lockers, observations));
	}

	@Override
	LockedMethods methods() {
		return this.methods;
	}

}
