package io.locky.observability;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.locky.LockAttempt;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.annotation.Locked;
import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.autoconfigure.LockyObservationAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.core.ReactiveLockyTemplate;
import io.locky.observation.DefaultLockyObservationConvention;
import io.locky.observation.LockyObservationContext;
import io.locky.observation.LockyObservations;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The observations of calls, waits and operations, and the trace that they are a part of.
 */
class ObservationTests {

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate others = this.fixture.template(null);

	private final Desk desk = new Desk(this.registry);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(LockyAutoConfiguration.class, LockyObservationAutoConfiguration.class))
		.withPropertyValues("locky.prefix=" + this.fixture.prefix(), "locky.expiration.enabled=false",
				"locky.startup-check.enabled=false")
		.withBean(TestObservationRegistry.class, () -> this.registry)
		.withBean(RedisConnectionFactory.class, TestRedis::connect)
		.withBean(Desk.class, () -> this.desk);

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void callIsObservedWithoutItsResource() {
		run((locks, proxy) -> proxy.edit("article:1"));
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("locky.locked")
			.that()
			.hasContextualNameEqualTo("locky locked Desk.edit")
			.hasLowCardinalityKeyValue("locky.operation", "Desk.edit")
			.hasLowCardinalityKeyValue("locky.outcome", "granted")
			.doesNotHaveHighCardinalityKeyValueWithKey("locky.resource")
			.hasBeenStopped();
		assertThat(this.desk.observed.get()).isEqualTo("locky.locked");
	}

	@Test
	void resourceIsAHighCardinalityKeyWhereWanted() {
		this.application.withPropertyValues("locky.observations.include-resource=true")
			.run((context) -> context.getBean(Desk.class).edit("article:1"));
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("locky.locked")
			.that()
			.hasHighCardinalityKeyValue("locky.resource", "article:1");
	}

	@Test
	void conventionCanBeReplaced() {
		this.application.withBean(OwnConvention.class).run((context) -> context.getBean(Desk.class).edit("article:1"));
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("locky.locked")
			.that()
			.hasContextualNameEqualTo("newsroom Desk.edit")
			.hasLowCardinalityKeyValue("locky.outcome", "granted");
	}

	@Test
	void deniedCallIsObserved() {
		this.others.lock("article:1", "ann");
		run((locks, proxy) -> assertThatExceptionOfType(ResourceLockedException.class)
			.isThrownBy(() -> proxy.edit("article:1")));
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("locky.locked")
			.that()
			.hasLowCardinalityKeyValue("locky.outcome", "denied")
			.hasError()
			.hasBeenStopped();
	}

	@Test
	void failedCallIsObserved() {
		run((locks, proxy) -> assertThatIllegalStateException().isThrownBy(() -> proxy.fail("article:1")));
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("locky.locked")
			.that()
			.hasLowCardinalityKeyValue("locky.outcome", "failed")
			.hasError()
			.hasBeenStopped();
	}

	@Test
	void futureIsObservedUntilItIsCompleted() {
		run((locks, proxy) -> {
			CompletableFuture<String> result = proxy.later("article:1");
			TestObservationRegistryAssert.assertThat(this.registry)
				.hasObservationWithNameEqualTo("locky.locked")
				.that()
				.isNotStopped();
			this.desk.later.complete("done");
			result.join();
			await().untilAsserted(() -> TestObservationRegistryAssert.assertThat(this.registry)
				.hasObservationWithNameEqualTo("locky.locked")
				.that()
				.hasBeenStopped());
		});
	}

	@Test
	void traceGoesOnAcrossTheWaitOfAThread() {
		SimpleTracer tracer = trace();
		holdUntilAwaited();
		run((locks, proxy) -> Observation.createNotStarted("request", this.registry)
			.observe(() -> proxy.await("article:1")));
		assertIsOneTrace(tracer);
		assertThat(this.desk.observed.get()).isEqualTo("locky.locked");
	}

	@Test
	void traceGoesOnAcrossTheWaitOfASubscriber() {
		SimpleTracer tracer = trace();
		holdUntilAwaited();
		run((locks, proxy) -> {
			Observation request = Observation.start("request", this.registry);
			assertThat(proxy.react("article:1")
				.contextWrite((context) -> context.put("micrometer.observation", request))
				.block()).isEqualTo("locky.locked");
			request.stop();
		});
		assertIsOneTrace(tracer);
	}

	@Test
	void traceGoesOnAcrossTheWaitOfAFuture() {
		SimpleTracer tracer = trace();
		holdUntilAwaited();
		AtomicReference<String> continued = new AtomicReference<>("");
		run((locks, proxy) -> {
			Observation request = Observation.start("request", this.registry);
			CompletableFuture<LockAttempt> attempt = Observation.tryScoped(request,
					() -> locks.tryLockAsync(LockRequest.of("article:1").by("bob").waitUpTo(Duration.ofSeconds(20))));
			attempt.thenRun(() -> continued.set(span(tracer).getTraceId())).join();
			request.stop();
		});
		SimpleSpan request = named(tracer, "request");
		SimpleSpan wait = named(tracer, "locky wait acquire");
		assertThat(wait.getParentId()).isEqualTo(request.getSpanId());
		assertThat(wait.getTags()).containsEntry("locky.outcome", "granted");
		assertThat(continued.get()).isEqualTo(request.getTraceId());
	}

	@Test
	void waitThatEndsInVainIsDenied() {
		this.others.lock("article:1", "ann");
		run((locks,
				proxy) -> assertThat(locks.lock(LockRequest.of("article:1").by("bob").waitUpTo(Duration.ofMillis(50))))
					.isFalse());
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("locky.wait")
			.that()
			.hasLowCardinalityKeyValue("locky.outcome", "denied")
			.hasBeenStopped();
	}

	@Test
	void requestThatFindsTheLockFreeDoesNotWait() {
		run((locks, proxy) -> locks.lock(LockRequest.of("article:1").by("bob").waitUpTo(Duration.ofSeconds(20))));
		TestObservationRegistryAssert.assertThat(this.registry).doesNotHaveAnyObservation();
	}

	@Test
	void operationsAreObservedWithTheirOutcome() {
		LockyOperations observed = observations().observe(this.others);
		observed.lock("article:1", "ann");
		assertThat(observed.tryLock(LockRequest.of("article:1").by("bob"))).isInstanceOf(LockAttempt.Denied.class);
		assertThat(observed.getLocker("article:1")).isEqualTo("ann");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> observed.find(List.of()));
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasNumberOfObservationsWithNameEqualTo("locky.http", 4)
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "lock")
				.hasLowCardinalityKeyValue("locky.outcome", "granted")
				.hasHighCardinalityKeyValue("locky.resource", "article:1"))
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "tryLock")
				.hasLowCardinalityKeyValue("locky.outcome", "denied"))
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "getLocker")
				.hasLowCardinalityKeyValue("locky.outcome", "done"))
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "find")
				.hasLowCardinalityKeyValue("locky.outcome", "failed")
				.hasError());
	}

	@Test
	void reactiveOperationsAreObservedWithTheirOutcome() {
		ReactiveLockyOperations observed = observations().observe(
				new ReactiveLockyTemplate(new ReactiveStringRedisTemplate(TestRedis.connectionFactory()), this.others));
		Observation request = Observation.start("request", this.registry);
		Observation.tryScoped(request, () -> observed.lock("article:1", "ann").block());
		observed.tryLock(LockRequest.of("article:1").by("bob"))
			.contextWrite((context) -> context.put("micrometer.observation", request))
			.block();
		observed.find("article:1").block();
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> observed.list(LockQuery.all().after("no cursor")).block());
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasNumberOfObservationsWithNameEqualTo("locky.http", 4)
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "lock")
				.hasLowCardinalityKeyValue("locky.outcome", "granted")
				.hasHighCardinalityKeyValue("locky.resource", "article:1")
				.hasParentObservationEqualTo(request))
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "tryLock")
				.hasLowCardinalityKeyValue("locky.outcome", "denied")
				.hasParentObservationEqualTo(request))
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "find")
				.hasLowCardinalityKeyValue("locky.outcome", "done"))
			.hasAnObservation((found) -> found.hasLowCardinalityKeyValue("locky.operation", "list")
				.hasLowCardinalityKeyValue("locky.outcome", "failed")
				.hasError());
	}

	private LockyObservations observations() {
		return new LockyObservations(this.registry, new DefaultLockyObservationConvention(), true);
	}

	/** Another instance holds the lock until somebody waits for it. */
	private void holdUntilAwaited() {
		this.others.lock("article:1", "ann");
		CompletableFuture.runAsync(() -> {
			await().until(() -> !this.others.waiters("article:1").isEmpty());
			this.others.unlock("article:1");
		});
	}

	private SimpleTracer trace() {
		SimpleTracer tracer = new SimpleTracer();
		this.registry.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer));
		return tracer;
	}

	private static SimpleSpan span(SimpleTracer tracer) {
		SimpleSpan span = tracer.currentSpan();
		assertThat(span).isNotNull();
		return span;
	}

	private static void assertIsOneTrace(SimpleTracer tracer) {
		SimpleSpan call = tracer.getSpans()
			.stream()
			.filter((span) -> span.getName().startsWith("locky locked"))
			.findFirst()
			.orElseThrow();
		assertThat(call.getParentId()).isEqualTo(named(tracer, "request").getSpanId());
		assertThat(named(tracer, "locky wait acquire").getParentId()).isEqualTo(call.getSpanId());
	}

	private static SimpleSpan named(SimpleTracer tracer, String name) {
		assertThat(tracer.getSpans()).extracting(SimpleSpan::getName).contains(name);
		return tracer.getSpans().stream().filter((span) -> name.equals(span.getName())).findFirst().orElseThrow();
	}

	private void run(Call call) {
		this.application.run((context) -> {
			Desk proxy = context.getBean(Desk.class);
			call.run(context.getBean(LockyTemplate.class), proxy);
		});
	}

	private interface Call {

		void run(LockyTemplate locks, Desk proxy) throws Exception;

	}

	static class Desk {

		private final TestObservationRegistry registry;

		private final AtomicReference<String> observed = new AtomicReference<>("");

		private final CompletableFuture<String> later = new CompletableFuture<>();

		Desk(TestObservationRegistry registry) {
			this.registry = registry;
		}

		@Locked("#slug")
		public void edit(String slug) {
			observe();
		}

		@Locked("#slug")
		public void fail(String slug) {
			throw new IllegalStateException("A method that fails on purpose");
		}

		@Locked("#slug")
		public CompletableFuture<String> later(String slug) {
			return this.later;
		}

		@Locked(value = "#slug", waitFor = "20s")
		public void await(String slug) {
			observe();
		}

		@Locked(value = "#slug", waitFor = "20s")
		public Mono<String> react(String slug) {
			return Mono.deferContextual((context) -> {
				Observation current = context.get("micrometer.observation");
				return Mono.just(String.valueOf(current.getContext().getName()));
			});
		}

		private void observe() {
			Observation current = this.registry.getCurrentObservation();
			this.observed.set((current != null) ? String.valueOf(current.getContext().getName()) : "nothing");
		}

	}

	static class OwnConvention extends DefaultLockyObservationConvention {

		@Override
		public String getContextualName(LockyObservationContext context) {
			return "newsroom " + context.getOperation();
		}

	}

}
