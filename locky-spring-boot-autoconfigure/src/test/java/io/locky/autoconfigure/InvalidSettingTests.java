package io.locky.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.locky.LockySettings;
import io.locky.PeopleSettings;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Wrong values of properties, in applications that print which one it is and where it was
 * set.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidSettingTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			locky.ttl=0s                                 | must be from 1 millisecond to 365 days, but is PT0S
			locky.ttl=30                                 | must have a unit, as in 30s, 30ms or 30m, but is '30'
			locky.ttl=soon                               | 'soon' is not a valid duration
			locky.prefix=myapp-lock:                     | must not contain 'lock:'
			locky.shutdown-timeout=400d                  | must be from 1 millisecond to 365 days
			locky.events.log-length=5                    | must be at least 1000, but is 5
			locky.events.instance=                       | must not be blank
			locky.expiration.ack-timeout=10ms            | must be at least 1 second
			locky.expiration.ack-timeout=400d            | must be from 1 millisecond to 365 days
			locky.expiration.listener-threads=0          | must be at least 1, but is 0
			locky.expiration.listener-threads=many       | NumberFormatException
			locky.expiration.transactional=true          | needs a PlatformTransactionManager
			locky.min-replicas-ack=-1                    | must not be negative, but is -1
			locky.min-replicas-ack-timeout=400d          | must be from 1 millisecond to 365 days
			locky.npm-interop=maybe                      | Invalid boolean value 'maybe'
			locky.web.path=locky                         | must be one or more segments
			locky.web.ttl=500ms                          | must be at least 1 second
			locky.web.stream-heartbeat=15                | must have a unit
			locky.web.max-watched=0                      | must be at least 1, but is 0
			locky.web.resources=article:,,gallery:       | must not have an empty entry
			""")
	void wrongValueNamesThePropertyAndItsLine(String property, String reason, @TempDir Path directory,
			CapturedOutput output) throws IOException {
		Path file = Files.writeString(directory.resolve("application.properties"), "\n\n" + property);
		String name = property.substring(0, property.indexOf('='));
		StartUpFailureTests
			.assertExplained(output, Application.class, "--locky.web.enabled=true", "--spring.config.location=" + file)
			.contains("Property: " + name + "\n")
			.contains("Value: \"" + property.substring(name.length() + 1).trim() + "\"\n")
			.containsPattern("Origin: .*application.properties\\] - [34]:" + (name.length() + 2))
			.contains(reason);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			locky.npm-interop=true    | cannot be used on Redis Cluster
			locky.min-replicas-ack=1  | cannot be used on Redis Cluster
			locky.prefix=locky:{}:    | must not have the empty hash tag {}
			""")
	void wrongValueForAClusterNamesTheProperty(String property, String reason, CapturedOutput output) {
		String name = property.substring(0, property.indexOf('='));
		StartUpFailureTests
			.assertExplained(output, Application.class, "--" + property,
					"--spring.data.redis.cluster.nodes=127.0.0.1:1")
			.contains("Property: " + name + "\n")
			.contains("Origin: \"" + name + "\" from property source \"commandLineArgs\"\n")
			.contains("Reason: it " + reason)
			.contains("Action:\n\nCorrect " + name + " (\"" + name + "\" from property source \"commandLineArgs\"), or "
					+ "remove it to use its default.");
	}

	@Test
	void environmentVariableIsNamed(CapturedOutput output) {
		StartUpFailureTests.assertExplained(output, Application.class, (application) -> {
			StandardEnvironment environment = new StandardEnvironment();
			environment.getPropertySources()
				.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
								Map.of("LOCKY_EXPIRATION_ACKTIMEOUT", "1ms")));
			application.setEnvironment(environment);
		})
			.contains("Property: locky.expiration.ack-timeout\n    Value: \"1ms\"\n    Origin: System Environment "
					+ "Property \"LOCKY_EXPIRATION_ACKTIMEOUT\"\n");
	}

	@Test
	void settingOfTheApplicationItselfIsNamed(CapturedOutput output) {
		StartUpFailureTests.assertExplained(output, OwnSettings.class)
			.contains("Setting: listenerThreads\n    Reason: it must be at least 1")
			.doesNotContain("Property: ");
	}

	/** Whatever the builder refuses must be named as the user knows it. */
	@Test
	void everySettingHasAProperty() throws IOException {
		String metadata;
		try (InputStream file = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			metadata = new String(file.readAllBytes());
		}
		Stream<String> general = Stream.of(LockySettings.class.getMethods())
			.filter((method) -> method.getDeclaringClass() == LockySettings.class)
			.filter((method) -> method.getParameterCount() == 0)
			.map(Method::getName)
			.filter((name) -> !Set.of("builder", "people").contains(name));
		Stream<String> ofPeople = Stream.of(PeopleSettings.Line.class, PeopleSettings.History.class)
			.flatMap((type) -> Stream.of(type.getRecordComponents()))
			.map(RecordComponent::getName);
		Stream.concat(general, ofPeople)
			.forEach((setting) -> assertThat(metadata).as(setting)
				.contains("\"name\": \"" + LockyProperties.propertyOf(setting) + "\""));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, LockyAutoConfiguration.class, Web.class })
	static class Application {

	}

	/** The endpoints without a server. */
	@AutoConfiguration(after = LockyAutoConfiguration.class)
	@EnableConfigurationProperties(LockyWebProperties.class)
	@Import(LockyEndpointConfiguration.class)
	static class Web {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnSettings {

		@Bean
		LockySettings settings() {
			return LockySettings.builder().listenerThreads(0).prefix(TestRedis.url()).build();
		}

	}

}
