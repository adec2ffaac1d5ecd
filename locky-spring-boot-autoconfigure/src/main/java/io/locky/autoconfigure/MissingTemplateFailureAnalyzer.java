package io.locky.autoconfigure;

import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.annotation.InvalidLockedMethodException;
import io.locky.autoconfigure.LockyAutoConfiguration.LockyConnections;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.ClassUtils;

/**
 * Explains why there is no {@code LockyTemplate}, or no reactive operations. Comes before
 * the analyzer of Spring Boot for missing beans, which proposes to define one.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MissingTemplateFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String STARTER = """
			Add Spring Data Redis with a driver to the class path. With Maven:

			    <dependency>
			        <groupId>org.springframework.boot</groupId>
			        <artifactId>spring-boot-starter-data-redis</artifactId>
			    </dependency>

			With Gradle: implementation("org.springframework.boot:spring-boot-starter-data-redis"). \
			locky-spring-boot-starter brings it, unless it is excluded.""";

	private final ConfigurableListableBeanFactory beans;

	private final Environment environment;

	MissingTemplateFailureAnalyzer(BeanFactory beans, Environment environment) {
		this.beans = (ConfigurableListableBeanFactory) beans;
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String place) {
		ResolvableType type = cause.getResolvableType();
		if (cause instanceof NoUniqueBeanDefinitionException || type == null) {
			return null;
		}
		Reason reason = reason(type.toClass());
		if (reason == null) {
			return null;
		}
		InvalidLockedMethodException method = findCause(rootFailure, InvalidLockedMethodException.class);
		String needed = (method != null) ? String.valueOf(method.getMessage()) : "%s needs a %s, but there is none"
			.formatted((place != null) ? place : "The application", type.toClass().getSimpleName());
		return new FailureAnalysis("%s: %s.".formatted(needed, reason.text()), reason.action(), cause);
	}

	private @Nullable Reason reason(Class<?> type) {
		if (isMissing(LockyOperations.class)) {
			return (LockyOperations.class.isAssignableFrom(type)
					|| ReactiveLockyOperations.class.isAssignableFrom(type)) ? reason() : null;
		}
		return ReactiveLockyOperations.class.isAssignableFrom(type) ? reactiveReason() : null;
	}

	private Reason reactiveReason() {
		if (isMissing(LockyConnections.class)) {
			return new Reason("the locks are those of a bean of the application",
					"Define a bean beside it: new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(connectionFactory), "
							+ "lockyTemplate), with the connection factory of that LockyTemplate.");
		}
		if (isMissing(LockyReactiveAutoConfiguration.class)) {
			return new Reason("its auto-configuration does not take part",
					"Do not exclude LockyReactiveAutoConfiguration. In the test of a slice, add "
							+ "@ImportAutoConfiguration(LockyReactiveAutoConfiguration.class).");
		}
		return new Reason("the driver for Redis only blocks, as Jedis does",
				"Use Lettuce, the default of Spring Boot, or inject LockyOperations.");
	}

	private Reason reason() {
		ConfigurationProperty enabled = InvalidSettingFailureAnalyzer.find(this.environment,
				ConfigurationPropertyName.of("locky.enabled"));
		if (!this.environment.getProperty("locky.enabled", Boolean.class, true) && enabled != null) {
			return new Reason("locky.enabled is false (%s)".formatted(enabled.getOrigin()),
					"Set locky.enabled=true, or remove it. If the application shall run without locks, inject an "
							+ "ObjectProvider<LockyOperations>, and use locks only if it has one.");
		}
		if (isMissing(LockyAutoConfiguration.class)) {
			return new Reason("its auto-configuration does not take part",
					"Start the application with a class that has @SpringBootApplication, and do not exclude "
							+ "LockyAutoConfiguration. In the test of a slice, add "
							+ "@ImportAutoConfiguration(LockyAutoConfiguration.class).");
		}
		return connectionReason();
	}

	private Reason connectionReason() {
		if (!isMissing(RedisConnectionFactory.class)) {
			return new Reason("the RedisConnectionFactory is defined after LockyAutoConfiguration",
					"Define it in a configuration class of the application. If another auto-configuration defines it, "
							+ "set 'before = LockyAutoConfiguration.class' there.");
		}
		if (!isPresent("io.lettuce.core.RedisClient") && !isPresent("redis.clients.jedis.Jedis")) {
			return new Reason("there is no driver for Redis on the class path, neither Lettuce nor Jedis", STARTER);
		}
		if (!isPresent("org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
				&& !isPresent("org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration")) {
			return new Reason(
					"there is no RedisConnectionFactory, because spring-boot-data-redis is not on the class path",
					STARTER);
		}
		return new Reason("there is no RedisConnectionFactory",
				"Let Spring Boot create one: do not exclude its auto-configuration of Redis, and set "
						+ "spring.data.redis.url (redis://localhost:6379 by default). Or define a bean of type "
						+ "RedisConnectionFactory.");
	}

	private boolean isMissing(Class<?> type) {
		return this.beans.getBeanNamesForType(type, true, false).length == 0;
	}

	private boolean isPresent(String type) {
		return ClassUtils.isPresent(type, this.beans.getBeanClassLoader());
	}

	/**
	 * Why there is no template.
	 *
	 * @param text the reason
	 * @param action what to do
	 */
	private record Reason(String text, String action) {

	}

}
