package io.locky.advice;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import io.locky.LockyOperations;
import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import io.locky.testing.DocumentedTable;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.EnableAspectJAutoProxy;
import org.springframework.core.task.TaskExecutor;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.validation.annotation.Validated;

/**
 * Makes the table of the documentation with all that other annotations do around a locked
 * method, and whether the lock is held meanwhile.
 */
class OrderedCallTests extends AnnotatedFixture {

	private static final DocumentedTable TABLE = new DocumentedTable("locked-everywhere.md",
			"## All advice on one method");

	@Test
	void documentedOrderIsThatOfTheRealAnnotations() {
		this.application.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.withUserConfiguration(Everything.class)
			.withBean(ConcurrentMapCacheManager.class)
			.withBean(Tracing.class)
			.withBean(Desk.class)
			.run((context) -> {
				Trace trace = context.getBean(Trace.class);
				TABLE.assertHas(
						List.of("| all but `@Async` | %s |".formatted(everything(context.getBean(Desk.class), trace)),
								"| `@Async` | %s |".formatted(
										async(context.getBean(Desk.class), context.getBean(Tasks.class), trace))));
			});
	}

	private static String everything(Desk desk, Trace trace) {
		logIn("ROLE_CHIEF");
		trace.at(Works.RESOURCE, "call");
		desk.edit("tea");
		trace.at(Works.RESOURCE, "return");
		return trace.cells(Works.RESOURCE);
	}

	private static String async(Desk desk, Tasks tasks, Trace trace) {
		trace.clear(Works.RESOURCE);
		trace.at(Works.RESOURCE, "call");
		CompletableFuture<Void> end = desk.async();
		trace.at(Works.RESOURCE, "return");
		new Thread(Objects.requireNonNull(tasks.queue().poll())).start();
		end.join();
		trace.at(Works.RESOURCE, "end");
		return trace.cells(Works.RESOURCE);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAspectJAutoProxy
	@EnableAsync
	@EnableCaching
	@EnableMethodSecurity
	@EnableResilientMethods
	@EnableTransactionManagement
	static class Everything {

		@Bean
		Trace trace(ObjectProvider<LockyOperations> locks) {
			return new Trace(locks);
		}

		@Bean
		HeldApplication.TracedTransactions transactionManager(Trace trace) {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setUrl("jdbc:h2:mem:" + UUID.randomUUID());
			return new HeldApplication.TracedTransactions(dataSource, trace);
		}

		@Bean
		Tasks taskExecutor() {
			return new Tasks(new LinkedBlockingQueue<>());
		}

	}

	/** Keeps tasks until the test runs them. */
	record Tasks(BlockingQueue<Runnable> queue) implements TaskExecutor {

		@Override
		public void execute(Runnable task) {
			this.queue.add(task);
		}

	}

	@Validated
	static class Desk {

		private final Trace trace;

		Desk(Trace trace) {
			this.trace = trace;
		}

		@PreAuthorize("@trace.at('works', 'authorization')")
		@Locked(Works.RESOURCE)
		@RequiresLock(Works.RESOURCE)
		@Retryable(maxRetries = 1, delay = 1)
		@Cacheable(cacheNames = "articles", condition = "@trace.at('works', 'cache')")
		@Transactional
		@Traced("result")
		public String edit(@Traced("arguments") String slug) {
			if (this.trace.passed(Works.RESOURCE, "rollback")) {
				this.trace.at(Works.RESOURCE, "second attempt");
				return slug;
			}
			this.trace.at(Works.RESOURCE, "method");
			throw new IllegalStateException("once more");
		}

		@Async
		@Locked(Works.RESOURCE)
		public CompletableFuture<Void> async() {
			this.trace.at(Works.RESOURCE, "method");
			return CompletableFuture.completedFuture(null);
		}

	}

	@Aspect
	static class Tracing {

		private final ObjectProvider<Trace> trace;

		Tracing(ObjectProvider<Trace> trace) {
			this.trace = trace;
		}

		@Before("execution(* io.locky.advice.OrderedCallTests.Desk.edit(..))")
		void around() {
			this.trace.getObject().at(Works.RESOURCE, "aspects");
		}

	}

	@Constraint(validatedBy = TracedValidator.class)
	@Retention(RetentionPolicy.RUNTIME)
	@interface Traced {

		String value();

		String message() default "";

		Class<?>[] groups() default {};

		Class<? extends Payload>[] payload() default {};

	}

	static class TracedValidator implements ConstraintValidator<Traced, String> {

		private final Trace trace;

		private String point = "";

		TracedValidator(Trace trace) {
			this.trace = trace;
		}

		@Override
		public void initialize(Traced traced) {
			this.point = traced.value();
		}

		@Override
		public boolean isValid(String value, ConstraintValidatorContext context) {
			return this.trace.at(Works.RESOURCE, this.point);
		}

	}

}
