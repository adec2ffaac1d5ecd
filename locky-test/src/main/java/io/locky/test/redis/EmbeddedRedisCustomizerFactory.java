package io.locky.test.redis;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Reads {@link WithEmbeddedRedis @WithEmbeddedRedis} on a test class. A property of
 * Spring Boot names the server: the types for the same purpose differ between Spring Boot
 * 3 and 4.
 */
class EmbeddedRedisCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> attributes) {
		return MergedAnnotations.search(SearchStrategy.TYPE_HIERARCHY)
			.withEnclosingClasses((type) -> true)
			.from(testClass)
			.get(WithEmbeddedRedis.class)
			.getValue("settings", String[].class)
			.map((settings) -> new EmbeddedRedisCustomizer(List.of(settings)))
			.orElse(null);
	}

	/**
	 * Starts the server with the context, so that a test class that is skipped needs
	 * none.
	 *
	 * @param settings lines of the configuration of the server; contexts with the same
	 * are shared
	 */
	record EmbeddedRedisCustomizer(List<String> settings) implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration test) {
			EmbeddedRedis server = EmbeddedRedis.shared(this.settings.toArray(String[]::new));
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("embeddedRedis", Map.of("spring.data.redis.url", server.url())));
		}

	}

}
