package io.locky.annotation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.locky.LockerResolver;
import io.locky.advice.SuspendingMistakes;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.testing.DocumentedTable;
import io.locky.testing.TestRedis;
import io.reactivex.rxjava3.core.Single;
import jakarta.annotation.PostConstruct;
import kotlin.coroutines.Continuation;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes the table of the documentation with what is refused at start-up, and the errors.
 */
class RefusalTableTests {

	private static final DocumentedTable TABLE = new DocumentedTable("locked-everywhere.md", "## Refused at start-up");

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "locky.expiration.enabled=false");

	@Test
	void documentedRefusalsAreThoseOfRealApplications() {
		Map<String, Class<?>> refused = new LinkedHashMap<>();
		methods(refused);
		results(refused);
		texts(refused);
		fallbacks(refused);
		beans(refused);
		TABLE.assertHas(refused.entrySet()
			.stream()
			.map((each) -> "| %s | %s |".formatted(each.getKey(), error(each.getValue())))
			.toList());
	}

	private static void methods(Map<String, Class<?>> refused) {
		refused.put("private method", LockedChecksTests.HiddenMethod.class);
		refused.put("final method", LockedChecksTests.FinalMethod.class);
		refused.put("static method", LockedChecksTests.StaticMethod.class);
		refused.put("static `@Bean` method", LockedReachTests.StaticBean.class);
		refused.put("final method, annotation of the class", LockedChecksTests.FinalMethodOfClass.class);
		refused.put("final class", LockedChecksTests.FinalClass.class);
		refused.put("record", Final.class);
		refused.put("package-private method of another package", LockedReachTests.OfAnotherPackage.class);
		refused.put("`equals`", LockedReachTests.Equality.class);
		refused.put("`hashCode`", LockedReachTests.Hashing.class);
		refused.put("method of an `…Aware` interface", LockedChecksTests.CalledByContainer.class);
		refused.put("`@PostConstruct`", AfterConstruction.class);
		refused.put("`@Bean(initMethod)`", LockedReachTests.InitMethod.class);
		refused.put("`@Bean(destroyMethod)`", LockedReachTests.DestroyMethod.class);
		refused.put("`shutdown()` of a `@Bean`", LockedReachTests.InferredClose.class);
		refused.put("`AutoCloseable.close()`", LockedReachTests.Closeable.class);
		refused.put("annotation of a class without public methods", LockedReachTests.NothingPublic.class);
		refused.put("annotation of a `FactoryBean`", LockedReachTests.LockedFactory.class);
		refused.put("`@RequiresLock`, private method", RequiresLockMistakesTests.Hidden.class);
	}

	private static void results(Map<String, Class<?>> refused) {
		refused.put("`Stream`", LockedMaxHoldTests.StreamResult.class);
		refused.put("`Callable`", LockedMaxHoldTests.CallableResult.class);
		refused.put("future of a `Stream`", LockedMaxHoldTests.FutureStream.class);
		refused.put("`Mono` of a `Stream`", LockedMaxHoldTests.MonoStream.class);
		refused.put("`DeferredResult`", Deferred.class);
		refused.put("`WebAsyncTask`", Task.class);
		refused.put("`SseEmitter`", Emitter.class);
		refused.put("`ResponseEntity<StreamingResponseBody>`", Entity.class);
		refused.put("`ResponseEntity<Callable>`", CallableEntity.class);
		refused.put("subclass of `CompletableFuture`", LockedChecksTests.OwnFuture.class);
		refused.put("type variable of the class that stands for it", LockedChecksTests.ReturningOwnFuture.class);
		refused.put("type variable of the method with a bound of `CompletableFuture`",
				LockedChecksTests.ChosenFuture.class);
		refused.put("Java method with a `Continuation` of Kotlin", Suspending.class);
		refused.put("`suspend` with a `Mono`", SuspendingMistakes.Mono.class);
		refused.put("`suspend` with a `CompletableFuture`", SuspendingMistakes.Future.class);
		refused.put("`suspend` with a `Deferred`", SuspendingMistakes.Deferred.class);
		refused.put("`suspend` with a `Stream`", SuspendingMistakes.Stream.class);
		refused.put("`suspend` without `open`", SuspendingMistakes.Closed.class);
		refused.put("`Job` of Kotlin", Jobs.class);
		refused.put("`SKIP` with a primitive", LockedChecksTests.PrimitiveSkip.class);
		refused.put("`SKIP` with a `Single`", SkippedSingle.class);
		refused.put("`SKIP` with `suspend` and `Int`, which is never `null`", SuspendingMistakes.NothingToSkip.class);
	}

	private static void texts(Map<String, Class<?>> refused) {
		refused.put("unknown parameter", LockedChecksTests.UnknownParameter.class);
		refused.put("unknown parameter in `locker`", LockedChecksTests.UnknownLocker.class);
		refused.put("unknown parameter, `suspend`", SuspendingMistakes.UnknownParameter.class);
		refused.put("no resource", LockedChecksTests.Nothing.class);
		refused.put("blank resource", LockedChecksTests.Blank.class);
		refused.put("placeholder without an end", LockedChecksTests.Unfinished.class);
		refused.put("duration without a unit", LockedChecksTests.NoUnit.class);
		refused.put("duration out of bounds", LockedChecksTests.TooLong.class);
		refused.put("property that is not set", LockedChecksTests.NoProperty.class);
		refused.put("`@RequiresLock` with too few fences", RequiresLockMistakesTests.TooFewFences.class);
	}

	private static void fallbacks(Map<String, Class<?>> refused) {
		refused.put("`FALLBACK` without `fallback`", FallbackChecksTests.NoFallback.class);
		refused.put("fallback that does not exist", FallbackChecksTests.MissingFallback.class);
		refused.put("fallback with other parameters", FallbackChecksTests.OtherParameters.class);
		refused.put("fallback with another result", FallbackChecksTests.OtherResult.class);
		refused.put("fallback with another result, `suspend`", SuspendingMistakes.OtherFallback.class);
		refused.put("fallback with `@Locked`", FallbackChecksTests.LockedFallback.class);
		refused.put("fallback with `@Transactional`", FallbackChecksTests.TransactionalFallback.class);
		refused.put("fallback with `@PreAuthorize`", FallbackChecksTests.SecuredFallback.class);
		refused.put("fallback in a `@Transactional` class", FallbackChecksTests.TransactionalClass.class);
	}

	private static void beans(Map<String, Class<?>> refused) {
		refused.put("bean that a post-processor needs", LockedPlacementTests.NeededEarly.class);
		refused.put("product of a `FactoryBean` that a post-processor needs", LockedReachTests.NeededEarly.class);
		refused.put("listener that is bound before there is a proxy", BoundEarly.class);
		refused.put("annotation of an interface that inherits methods, of another library's proxy", Inherits.class);
		refused.put("`@RequiresLock` without `locker` and `fence`, and no `LockerResolver` bean",
				RequiresLockMistakesTests.NoLocker.class);
		refused.put("several `LockerResolver` beans, none of them `@Primary`", Resolvers.class);
	}

	/** What the error says, without the names of the test classes. */
	private String error(Class<?> bean) {
		StringBuilder message = new StringBuilder();
		this.application.withUserConfiguration(bean).run((context) -> {
			assertThat(context).as(bean.getName()).hasFailed();
			message.append(Stream
				.iterate(context.getStartupFailure(), (failure) -> failure != null, (failure) -> failure.getCause())
				.filter((failure) -> failure instanceof InvalidLockedMethodException
						|| failure instanceof AmbiguousLockerException)
				.map(Throwable::getMessage)
				.findFirst()
				.orElse("another error"));
		});
		return message.toString()
			.replaceAll("^@\\w+ on [^ ]+: ", "")
			.replaceAll("\\bio\\.locky\\.(?:[a-z]\\w*\\.)*(?:\\w+\\$)*(\\w+)", "$1");
	}

	record Final() {

		@Locked("x")
		void run() {
		}

	}

	static class AfterConstruction {

		@Locked("x")
		@PostConstruct
		void run() {
		}

	}

	static class Deferred {

		@Locked("x")
		DeferredResult<String> run() {
			return new DeferredResult<>();
		}

	}

	static class Task {

		@Locked("x")
		WebAsyncTask<String> run() {
			return new WebAsyncTask<>(() -> "");
		}

	}

	static class Emitter {

		@Locked("x")
		SseEmitter run() {
			return new SseEmitter();
		}

	}

	static class Entity {

		@Locked("x")
		ResponseEntity<StreamingResponseBody> run() {
			return ResponseEntity.ok().build();
		}

	}

	static class CallableEntity {

		@Locked("x")
		ResponseEntity<Callable<String>> run() {
			return ResponseEntity.ok().build();
		}

	}

	static class Suspending {

		@Locked("x")
		@Nullable Object run(Continuation<String> continuation) {
			return null;
		}

	}

	static class Jobs {

		@Locked("x")
		@Nullable Job run() {
			return null;
		}

	}

	static class SkippedSingle {

		@Locked(value = "x", onDenied = OnDenied.SKIP)
		Single<String> run() {
			return Single.just("");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BoundEarly {

		@Bean
		static LockedPlacementTests.TooEarly tooEarly() {
			return new LockedPlacementTests.TooEarly();
		}

		@Bean
		LockedPlacementTests.Listener listener() {
			return new LockedPlacementTests.Listener();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Inherits {

		@Bean
		LockedClassTests.Client client() {
			return LockedClassTests.client(LockedClassTests.Client.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Resolvers {

		@Bean
		LockerResolver ann() {
			return () -> "ann";
		}

		@Bean
		LockerResolver bob() {
			return () -> "bob";
		}

	}

}
