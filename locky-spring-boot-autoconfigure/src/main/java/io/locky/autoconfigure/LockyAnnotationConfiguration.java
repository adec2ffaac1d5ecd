package io.locky.autoconfigure;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.annotation.LockedBeanPostProcessor;
import io.locky.annotation.RequiresLockBeanPostProcessor;
import io.locky.observation.LockyObservations;
import org.aopalliance.intercept.MethodInterceptor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/**
 * Registers the post-processors for {@code @Locked} and {@code @RequiresLock}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MethodInterceptor.class)
class LockyAnnotationConfiguration {

	@Bean
	@ConditionalOnMissingBean
	static LockedBeanPostProcessor lockedBeanPostProcessor(ObjectProvider<LockyOperations> operations,
			ObjectProvider<ReactiveLockyOperations> reactive, ObjectProvider<LockerResolver> lockers,
			ObjectProvider<LockyObservations> observations) {
		return new LockedBeanPostProcessor(operations::getObject, reactive::getIfUnique, lockers::getIfAvailable,
				SingletonSupplier.of(() -> observations.getIfAvailable(() -> LockyObservations.NONE)));
	}

	@Bean
	@ConditionalOnMissingBean
	static RequiresLockBeanPostProcessor requiresLockBeanPostProcessor(ObjectProvider<LockyOperations> operations,
			ObjectProvider<ReactiveLockyOperations> reactive, ObjectProvider<LockerResolver> lockers) {
		return new RequiresLockBeanPostProcessor(operations::getObject, reactive::getIfUnique, lockers::getIfAvailable);
	}

}
