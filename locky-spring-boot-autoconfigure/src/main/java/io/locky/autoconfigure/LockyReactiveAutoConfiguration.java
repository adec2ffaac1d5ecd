package io.locky.autoconfigure;

import java.util.Arrays;

import io.locky.ReactiveLockyOperations;
import io.locky.autoconfigure.LockyAutoConfiguration.LockyConnections;
import io.locky.core.LockyTemplate;
import io.locky.core.ReactiveLockyTemplate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Auto-configuration of the reactive operations on the locks of the auto-configured
 * {@link LockyTemplate}, where the driver for Redis is reactive, as Lettuce is.
 *
 * @since 0.9.0
 */
@AutoConfiguration(after = LockyAutoConfiguration.class)
@ConditionalOnClass({ Mono.class, ReactiveStringRedisTemplate.class })
@ConditionalOnBean(LockyConnections.class)
@ConditionalOnMissingBean(ReactiveLockyOperations.class)
public final class LockyReactiveAutoConfiguration {

	/**
	 * Without a bean, if the driver turns out to be a blocking one: the connection
	 * factory may be declared as an interface, and there may be several.
	 */
	@Bean
	@Conditional(OnReactiveDriver.class)
	@Nullable ReactiveLockyTemplate reactiveLockyTemplate(LockyConnections connections, LockyTemplate locks) {
		return (connections.factory() instanceof ReactiveRedisConnectionFactory reactive)
				? new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(reactive), locks) : null;
	}

	/**
	 * Whether there is a connection factory that may be reactive, as far as its declared
	 * type says.
	 */
	static class OnReactiveDriver extends SpringBootCondition implements ConfigurationCondition {

		@Override
		public ConfigurationPhase getConfigurationPhase() {
			return ConfigurationPhase.REGISTER_BEAN;
		}

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConfigurableListableBeanFactory beans = context.getBeanFactory();
			boolean matches = beans != null
					&& Arrays.stream(beans.getBeanNamesForType(RedisConnectionFactory.class, true, false))
						.anyMatch((name) -> mayBeReactive(beans.getType(name, false)));
			return new ConditionOutcome(matches, ConditionMessage.forCondition("Reactive driver for Redis")
				.because(matches ? "a connection factory may be reactive" : "all connection factories are blocking"));
		}

		private static boolean mayBeReactive(@Nullable Class<?> type) {
			return type == null || type.isInterface() || ReactiveRedisConnectionFactory.class.isAssignableFrom(type);
		}

	}

}
