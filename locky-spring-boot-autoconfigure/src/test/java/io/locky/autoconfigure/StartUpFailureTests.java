package io.locky.autoconfigure;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import io.locky.core.LockyTemplate;
import io.locky.testing.ClassPathWithout;
import io.locky.testing.CompiledWithoutNames;
import io.locky.testing.TestRedis;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Reads what real applications print that cannot start.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartUpFailureTests {

	@Test
	void wrongAnnotationIsExplained(CapturedOutput output) {
		assertExplained(output, WrongParameter.class)
			.contains("@Locked on io.locky.autoconfigure.StartUpFailureTests$WrongParameter.publish: ")
			.contains("there is no parameter 'ident'")
			.contains("Action:\n\nUse one of [id].");
	}

	@Test
	void missingDriverIsExplained(CapturedOutput output) throws Exception {
		try (ClassPathWithout lettuce = new ClassPathWithout("lettuce-core")) {
			assertThat(lettuce.call(Start.class)).isEqualTo("UnsatisfiedDependencyException");
		}
		assertExplained(output).contains("Parameter 0 of constructor in " + Injecting.Desk.class.getName()
				+ " needs a LockyTemplate, but there is none: there is no driver for Redis on the class path, neither "
				+ "Lettuce nor Jedis.")
			.contains("Action:\n\nAdd Spring Data Redis with a driver to the class path.")
			.contains("<artifactId>spring-boot-starter-data-redis</artifactId>")
			.contains("implementation(\"org.springframework.boot:spring-boot-starter-data-redis\")");
	}

	@Test
	void missingConnectionFactoryIsExplained(CapturedOutput output) {
		assertExplained(output, WithoutRedis.class)
			.contains("needs a LockyTemplate, but there is none: there is no RedisConnectionFactory.")
			.contains("do not exclude its auto-configuration of Redis")
			.contains("define a bean of type RedisConnectionFactory");
	}

	@Test
	void lockedMethodWithoutRedisIsExplained(CapturedOutput output) {
		assertExplained(output, LockedWithoutRedis.class)
			.contains("@Locked on io.locky.autoconfigure.StartUpFailureTests$LockedWithoutRedis.publish: it needs a "
					+ "LockyTemplate, but there is none: there is no RedisConnectionFactory.")
			.contains("do not exclude its auto-configuration of Redis");
	}

	@Test
	void missingAutoConfigurationIsExplained(CapturedOutput output) {
		assertExplained(output, Injecting.Desk.class)
			.contains("needs a LockyTemplate, but there is none: its auto-configuration does not take part.")
			.contains("@SpringBootApplication")
			.contains("@ImportAutoConfiguration(LockyAutoConfiguration.class)");
	}

	@Test
	void missingReactiveOperationsAreExplained(CapturedOutput output) {
		assertExplained(output, InjectingReactiveOperations.class)
			.contains("Parameter 0 of method desk in " + InjectingReactiveOperations.class.getName()
					+ " needs a ReactiveLockyOperations, but there is none: the driver for Redis only blocks, as Jedis "
					+ "does.")
			.contains("Use Lettuce, the default of Spring Boot, or inject LockyOperations.");
	}

	@Test
	void disabledLocksAreExplained(CapturedOutput output) {
		assertExplained(output, InjectingOperations.class, "--locky.enabled=false")
			.contains("Parameter 0 of method desk in " + InjectingOperations.class.getName()
					+ " needs a LockyOperations, but there is none: locky.enabled is false (\"locky.enabled\" from "
					+ "property source \"commandLineArgs\").")
			.contains("Set locky.enabled=true, or remove it.")
			.contains("ObjectProvider<LockyOperations>");
	}

	@Test
	void severalConnectionFactoriesAreExplained(CapturedOutput output) {
		assertExplained(output, TwoFactories.class)
			.contains("Locks need one RedisConnectionFactory, but the application has several to choose from:\n\n"
					+ "    cacheRedis\n    lockRedis\n")
			.contains("Mark the one for locks with @LockyRedis:\n\n    @Bean\n    @io.locky.autoconfigure.LockyRedis\n")
			.contains("@Primary");
	}

	@Test
	void severalMarkedConnectionFactoriesAreExplained(CapturedOutput output) {
		assertExplained(output, TwoMarkedFactories.class).contains("    markedToo\n").contains("Only one may have");
	}

	@Test
	void requiredLockWithoutLockerIsExplained(CapturedOutput output) {
		assertExplained(output, Requiring.class)
			.contains("@RequiresLock on " + Requiring.class.getName() + ".save: there is no locker to check the lock "
					+ "against: no LockerResolver bean, no 'locker' and no 'fence'")
			.contains("Use Spring Security, or register an io.locky.LockerResolver bean");
	}

	@Test
	void missingParameterNamesAreExplained(CapturedOutput output) throws Exception {
		Class<?> nameless = CompiledWithoutNames.compile("""
				public class Nameless {
					@io.locky.annotation.Locked("article:#{#id + 1}")
					public void publish(long id) {
					}
				}
				""");
		assertExplained(output, nameless, (application) -> application.addPrimarySources(List.of(Redis.class)))
			.contains(
					"@Locked on Nameless.publish: it names the parameter 'id', but the class was compiled without names")
			.contains("Compile with the option -parameters, and compile the class again:")
			.contains("<maven.compiler.parameters>true</maven.compiler.parameters>")
			.contains("options.compilerArgs.add(\"-parameters\")")
			.contains("IntelliJ IDEA: Settings > Build, Execution, Deployment > Compiler > Java Compiler");
	}

	/**
	 * Starts an application that fails.
	 * @param output what is printed
	 * @param application the class of the application
	 * @param arguments its arguments
	 * @return assertions about the explanation
	 */
	static AbstractStringAssert<?> assertExplained(CapturedOutput output, Class<?> application, String... arguments) {
		return assertExplained(output, application, (started) -> {
		}, arguments);
	}

	static AbstractStringAssert<?> assertExplained(CapturedOutput output, Class<?> application,
			Consumer<SpringApplication> customizer, String... arguments) {
		SpringApplication starting = new SpringApplication(application);
		starting.setWebApplicationType(WebApplicationType.NONE);
		customizer.accept(starting);
		assertThatThrownBy(() -> starting.run(arguments).close()).isNotNull();
		return assertExplained(output);
	}

	private static AbstractStringAssert<?> assertExplained(CapturedOutput output) {
		assertThat(output.getAll()).contains("APPLICATION FAILED TO START", "\nDescription:\n", "\nAction:\n")
			.doesNotContain("\tat ");
		return assertThat(output.getAll().substring(output.getAll().indexOf("APPLICATION FAILED TO START")));
	}

	/** Starts an application without some libraries. */
	static class Start implements Callable<String> {

		@Override
		public String call() {
			SpringApplication application = new SpringApplication(Injecting.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			try {
				application.run().close();
				return "started";
			}
			catch (RuntimeException ex) {
				return ex.getClass().getSimpleName();
			}
		}

	}

	/** What an application with Spring Boot has. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, LockyAutoConfiguration.class })
	static class Redis {

	}

	@Import(Redis.class)
	static class WrongParameter {

		@Locked("article:#<ident>")
		void publish(long id) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Redis.class, Injecting.Desk.class })
	static class Injecting {

		/** Needs locks. */
		static class Desk {

			Desk(LockyTemplate locks) {
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Redis.class)
	static class InjectingOperations {

		@Bean
		Object desk(LockyOperations locks) {
			return locks;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ LockyAutoConfiguration.class, LockyReactiveAutoConfiguration.class })
	@Import(LockyReactiveAutoConfigurationTests.KnownBlockingConnection.class)
	static class InjectingReactiveOperations {

		@Bean
		Object desk(ReactiveLockyOperations locks) {
			return locks;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(LockyAutoConfiguration.class)
	@Import(Injecting.Desk.class)
	static class WithoutRedis {

	}

	@ImportAutoConfiguration(LockyAutoConfiguration.class)
	static class LockedWithoutRedis {

		@Locked("article:#<id>")
		void publish(long id) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Redis.class)
	static class TwoFactories {

		@Bean
		RedisConnectionFactory cacheRedis() {
			return TestRedis.connect();
		}

		@Bean
		RedisConnectionFactory lockRedis() {
			return TestRedis.connect();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Redis.class)
	static class TwoMarkedFactories {

		@Bean
		@LockyRedis
		RedisConnectionFactory marked() {
			return TestRedis.connect();
		}

		@Bean
		@LockyRedis
		RedisConnectionFactory markedToo() {
			return TestRedis.connect();
		}

	}

	@Import(Redis.class)
	static class Requiring {

		@RequiresLock("article:#<id>")
		void save(long id) {
		}

	}

}
