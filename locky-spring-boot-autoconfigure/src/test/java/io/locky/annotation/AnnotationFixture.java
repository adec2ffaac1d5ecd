package io.locky.annotation;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.LockyInstance;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/**
 * Starts applications whose beans have lock annotations.
 */
abstract class AnnotationFixture {

	final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=" + this.fixture.prefix(), "locky.expiration.enabled=false")
		.withBean(LockyInstance.Recorder.class);

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	static LockyTemplate locks(ApplicationContext context) {
		return context.getBean(LockyTemplate.class);
	}

}
