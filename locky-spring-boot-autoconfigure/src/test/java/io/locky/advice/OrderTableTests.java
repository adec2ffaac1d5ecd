package io.locky.advice;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;
import org.junit.jupiter.api.Test;

import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.EnableAspectJAutoProxy;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.ClassUtils;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The order of all advice of one method, and the table of it in the documentation.
 */
class OrderTableTests extends AnnotatedFixture {

	private static final Map<String, String> ROWS = Map.of("AnnotationAsyncExecutionInterceptor", "`@Async`",
			"DeferringMethodInterceptor", "method security (`@PreAuthorize` …)", "ArgumentValidation",
			"`@Validated`: the arguments", "LockedInterceptor", "**`@Locked`**", "RequiresLockInterceptor",
			"**`@RequiresLock`**", "RetryAnnotationInterceptor", "`@Retryable` (Spring Framework 7)",
			"CacheInterceptor", "`@Cacheable`", "TransactionInterceptor", "`@Transactional`",
			"AspectJMethodBeforeAdvice", "all other advice, such as aspects of the application",
			"MethodValidationInterceptor", "`@Validated`: the result");

	@Test
	void documentedOrderIsThatOfTheRealAnnotations() {
		this.application.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.withUserConfiguration(Everything.class)
			.withBean(ConcurrentMapCacheManager.class)
			.withBean(Tracing.class)
			.withBean(Desk.class)
			.run((context) -> assertThat(documented()).isEqualTo(actual((Advised) context.getBean(Desk.class))));
	}

	private static List<String> actual(Advised desk) {
		Method method = ClassUtils.getMethod(Desk.class, "edit", String.class);
		return Stream.of(desk.getAdvisors())
			.filter((advisor) -> !(advisor instanceof PointcutAdvisor pointcut)
					|| pointcut.getPointcut().getMethodMatcher().matches(method, Desk.class))
			.map(OrderTableTests::name)
			.filter((name) -> !name.equals("ExposeInvocationInterceptor"))
			.map((name) -> ROWS.getOrDefault(name, name))
			.toList();
	}

	private static String name(Advisor advisor) {
		return advisor.getAdvice().getClass().getSimpleName();
	}

	private static List<String> documented() throws Exception {
		List<String> lines = Files.readAllLines(Path.of("../docs/annotations.md"));
		return lines.stream()
			.dropWhile((line) -> !line.equals("## Order"))
			.dropWhile((line) -> !line.startsWith("|---"))
			.skip(1)
			.takeWhile((line) -> line.startsWith("|"))
			.map((line) -> line.split("\\|")[1].trim())
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAspectJAutoProxy
	@EnableAsync
	@EnableCaching
	@EnableMethodSecurity
	@EnableResilientMethods
	@EnableTransactionManagement
	static class Everything {

	}

	@Validated
	static class Desk {

		@Async
		@PreAuthorize("hasRole('CHIEF')")
		@Locked("#slug")
		@RequiresLock("#slug")
		@Retryable
		@Cacheable("articles")
		@Transactional
		@NotNull
		public CompletableFuture<String> edit(@NotBlank String slug) {
			return CompletableFuture.completedFuture(slug);
		}

	}

	@Aspect
	static class Tracing {

		@Before("execution(* io.locky.advice.OrderTableTests.Desk.*(..))")
		void trace() {
		}

	}

}
