package io.locky.autoconfigure;

import io.locky.annotation.Locked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class StartUpFailureTests {

	@Test
	void wrongAnnotationIsExplained(CapturedOutput output) {
		SpringApplication application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.build();
		assertThatThrownBy(application::run).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Application.publish: there is no parameter 'ident'")
			.contains("Use one of [id].")
			.doesNotContain("\tat ");
	}

	@Test
	void wrongPropertyIsExplained(CapturedOutput output) {
		SpringApplication application = new SpringApplicationBuilder(Empty.class).web(WebApplicationType.NONE)
			.properties("locky.ttl=0s")
			.build();
		assertThatThrownBy(application::run).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'locky.ttl' must be from 1 millisecond to 365 days, but is PT0S")
			.doesNotContain("\tat ");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, LockyAutoConfiguration.class })
	static class Empty {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, LockyAutoConfiguration.class })
	static class Application {

		@Locked("article:#<ident>")
		void publish(long id) {
		}

	}

}
