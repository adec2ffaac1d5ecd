package io.locky.autoconfigure;

import io.locky.LockerResolver;
import io.locky.security.ReactiveSecurityLockerResolver;
import io.locky.security.SecurityLockerResolver;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Auto-configuration of a {@link LockerResolver} that uses the user authenticated by
 * Spring Security as the locker, unless the application has a resolver of its own.
 *
 * @since 0.9.0
 */
@AutoConfiguration
@ConditionalOnClass(SecurityContextHolder.class)
@ConditionalOnMissingBean(LockerResolver.class)
@ConditionalOnBooleanProperty(name = "locky.enabled", matchIfMissing = true)
public final class LockySecurityAutoConfiguration {

	private static SecurityLockerResolver threadResolver(ObjectProvider<SecurityContextHolderStrategy> contexts) {
		return new SecurityLockerResolver(contexts.getIfAvailable(SecurityContextHolder::getContextHolderStrategy));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Mono.class)
	static class WithReactor {

		@Bean
		ReactiveSecurityLockerResolver lockySecurityLockerResolver(
				ObjectProvider<SecurityContextHolderStrategy> contexts) {
			return new ReactiveSecurityLockerResolver(threadResolver(contexts));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("reactor.core.publisher.Mono")
	static class WithoutReactor {

		@Bean
		SecurityLockerResolver lockySecurityLockerResolver(ObjectProvider<SecurityContextHolderStrategy> contexts) {
			return threadResolver(contexts);
		}

	}

}
