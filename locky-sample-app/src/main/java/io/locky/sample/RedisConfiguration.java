package io.locky.sample;

import java.util.List;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Starts an embedded Redis if no property names another one.
 */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

	@Bean
	@Conditional(NoRedisIsNamed.class)
	EmbeddedRedis embeddedRedis(@Value("${newsroom.redis-port}") int port) {
		return new EmbeddedRedis(port);
	}

	/**
	 * Matches if no property names a Redis.
	 */
	static class NoRedisIsNamed extends SpringBootCondition {

		private static final List<String> PLACES = List.of("url", "host", "port", "sentinel.nodes", "cluster.nodes");

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			boolean named = PLACES.stream()
				.anyMatch((place) -> Binder.get(context.getEnvironment())
					.bind("spring.data.redis." + place, Bindable.of(Object.class))
					.isBound());
			return new ConditionOutcome(!named,
					ConditionMessage.of("the place of Redis is %s", named ? "named" : "not named"));
		}

	}

}
