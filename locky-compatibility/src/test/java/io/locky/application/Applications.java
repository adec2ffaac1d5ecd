package io.locky.application;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import io.locky.testing.EmbeddedRedis;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts applications on free ports, with a Redis that they share.
 */
final class Applications {

	static final String LETTUCE = "spring.data.redis.client-type=lettuce";

	static final String JEDIS = "spring.data.redis.client-type=jedis";

	/** Hibernate is slow to start. The class is where Spring Boot 3 or 4 has it. */
	static final List<String> WITHOUT_JPA = List.of(
			"spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration,"
					+ "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
			"spring.data.jpa.repositories.enabled=false");

	static final List<String> WITH_JPA = List.of("spring.autoconfigure.exclude=",
			"spring.data.jpa.repositories.enabled=true");

	private static final EmbeddedRedis redis = EmbeddedRedis.start();

	private Applications() {
	}

	/**
	 * Starts an application.
	 * @param type the kind of its web server
	 * @param source its configuration
	 * @param properties more properties, each as {@code name=value}
	 * @return the running application, to be closed by the caller
	 */
	static ConfigurableApplicationContext start(WebApplicationType type, Class<?> source, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.data.redis.port=" + redis.port(), "server.port=0",
				"locky.prefix=test-" + UUID.randomUUID(), "locky.ttl=30s", "spring.jpa.open-in-view=false",
				"spring.datasource.generate-unique-name=true", "spring.main.banner-mode=off"));
		all.addAll(WITHOUT_JPA);
		all.addAll(Arrays.asList(properties));
		return new SpringApplicationBuilder(source).web(type).properties(all.toArray(String[]::new)).run();
	}

	static int redisPort() {
		return redis.port();
	}

	static String url(ConfigurableApplicationContext application, String path) {
		return "http://localhost:" + application.getEnvironment().getProperty("local.server.port") + path;
	}

}
