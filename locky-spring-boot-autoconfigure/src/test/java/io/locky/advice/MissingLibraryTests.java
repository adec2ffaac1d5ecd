package io.locky.advice;

import java.util.Arrays;
import java.util.concurrent.Callable;

import io.locky.annotation.InvalidLockedMethodException;
import io.locky.annotation.Locked;
import io.locky.annotation.LockedBeanPostProcessor;
import io.locky.annotation.RequiresLockBeanPostProcessor;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyReactiveAutoConfiguration;
import io.locky.testing.ClassPathWithout;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.flow.FlowKt;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications on class paths that lack libraries, each in a class loader of its own.
 */
class MissingLibraryTests {

	private static final String REFUSED = "it is a suspending function, whose end cannot be observed. "
			+ "Add kotlinx-coroutines-reactor and kotlin-reflect, with which Spring calls it, "
			+ "or let it return a Mono or a CompletableFuture.";

	@ParameterizedTest
	@ValueSource(strings = { "kotlinx-coroutines-reactor", "kotlin-reflect" })
	void suspendingFunctionIsRefusedWhereSpringCannotCallIt(String missing) throws Exception {
		try (ClassPathWithout path = new ClassPathWithout(missing)) {
			assertThat(path.call(WithSuspendingLocked.class)).isEqualTo(REFUSED);
			assertThat(path.call(WithSuspendingRequired.class)).isEqualTo(REFUSED);
		}
	}

	@Test
	void flowIsRefusedWhereSpringCannotAdaptIt() throws Exception {
		try (ClassPathWithout path = new ClassPathWithout("kotlinx-coroutines-reactor")) {
			assertThat(path.call(WithFlow.class)).isEqualTo("it returns a Flow, whose end cannot be observed. "
					+ "Add kotlinx-coroutines-reactor, which adapts Flow and Deferred, "
					+ "or let it return a Mono, a Flux or a CompletableFuture.");
		}
	}

	@Test
	void nothingNeedsKotlin() throws Exception {
		try (ClassPathWithout path = new ClassPathWithout("kotlin")) {
			assertThat(path.call(WithMono.class)).isEqualTo("asked for its lock");
		}
	}

	@Test
	void nothingNeedsReactor() throws Exception {
		try (ClassPathWithout path = new ClassPathWithout("reactor-core")) {
			assertThat(path.call(WithoutReactor.class)).isEqualTo("no reactive operations, Redis does not answer");
		}
	}

	/** Starts an application with a bean, and calls it. */
	abstract static class Starting<T> implements Callable<String> {

		private final Class<T> bean;

		Starting(Class<T> bean) {
			this.bean = bean;
		}

		@Override
		public String call() {
			try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
				context.registerBean(LockedBeanPostProcessor.class, () -> new LockedBeanPostProcessor(() -> {
					throw new IllegalStateException("asked for its lock");
				}, () -> null));
				context.registerBean(RequiresLockBeanPostProcessor.class,
						() -> new RequiresLockBeanPostProcessor(() -> {
							throw new IllegalStateException("asked for its lock");
						}, () -> null));
				context.registerBean(this.bean);
				context.refresh();
				run(context.getBean(this.bean));
				return "started";
			}
			catch (BeanCreationException ex) {
				InvalidLockedMethodException cause = (InvalidLockedMethodException) ex.getMostSpecificCause();
				return String.valueOf(cause.getMessage()).replaceAll("^@\\w+ on [^ ]+: ", "") + ". "
						+ cause.getAction();
			}
			catch (IllegalStateException ex) {
				return String.valueOf(ex.getMessage());
			}
		}

		void run(T bean) {
		}

	}

	/** Starts an application. */
	static class WithSuspendingLocked extends Starting<SuspendingAsAWhole> {

		WithSuspendingLocked() {
			super(SuspendingAsAWhole.class);
		}

	}

	/** Starts an application. */
	static class WithSuspendingRequired extends Starting<SuspendingChecked> {

		WithSuspendingRequired() {
			super(SuspendingChecked.class);
		}

	}

	/** Starts an application. */
	static class WithFlow extends Starting<Flows> {

		WithFlow() {
			super(Flows.class);
		}

	}

	/** Starts an application. */
	static class WithMono extends Starting<Monos> {

		WithMono() {
			super(Monos.class);
		}

		@Override
		void run(Monos bean) {
			bean.edit().block();
		}

	}

	/** Starts an application whose driver for Redis cannot connect. */
	static class WithoutReactor implements Callable<String> {

		@Override
		public String call() {
			try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
					AutoConfigured.class)) {
				boolean reactive = Arrays.stream(context.getBeanDefinitionNames())
					.anyMatch((name) -> name.startsWith("reactiveLocky"));
				return (reactive ? "reactive" : "no reactive") + " operations, "
						+ failure(context.getBean(Values.class)::edit);
			}
		}

		private static String failure(Runnable call) {
			try {
				call.run();
				return "called";
			}
			catch (RedisConnectionFailureException ex) {
				return String.valueOf(ex.getMessage());
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ LockyAutoConfiguration.class, LockyReactiveAutoConfiguration.class })
	@Import(Values.class)
	static class AutoConfigured {

		@Bean
		RedisConnectionFactory connections() {
			return ProxyFactory.getProxy(RedisConnectionFactory.class, (MethodInterceptor) (invocation) -> {
				throw new RedisConnectionFailureException("Redis does not answer");
			});
		}

	}

	static class Values {

		@Locked("x")
		void edit() {
		}

	}

	static class Flows {

		@Locked("x")
		Flow<String> edit() {
			return FlowKt.flowOf("x");
		}

	}

	static class Monos {

		@Locked("x")
		Mono<String> edit() {
			return Mono.just("x");
		}

	}

}
