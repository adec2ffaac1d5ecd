package io.locky.web.internal.endpoint;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.locky.LockQuery;
import io.locky.core.ReactiveLockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Hooks;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class ReactiveEndpointLocksTests {

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final EndpointLocks locks = new ReactiveEndpointLocks(new ReactiveLockyTemplate(
			new ReactiveStringRedisTemplate(TestRedis.connectionFactory()), this.fixture.template(null)));

	@AfterEach
	void close() {
		Hooks.disableAutomaticContextPropagation();
		this.fixture.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void stagesGoOnInTheContextOfTheirCaller(boolean automatic) {
		if (automatic) {
			Hooks.enableAutomaticContextPropagation();
		}
		Observation request = Observation.start("request", this.registry);
		Observation other = Observation.start("other", this.registry);
		CompletableFuture<Boolean> turn = new CompletableFuture<>();
		List<Supplier<CompletionStage<?>>> operations = List.of(() -> this.locks.find("article:1"),
				() -> this.locks.unlock("article:1", "ann", 1),
				() -> this.locks.list(LockQuery.all().after("no cursor")), () -> this.locks.resumeAfter(turn));
		List<CompletableFuture<@Nullable Observation>> observed = operations.stream()
			.map((operation) -> Observation.tryScoped(request, () -> current(operation.get())))
			.toList();
		Observation.tryScoped(other, () -> turn.complete(true));
		assertThat(observed).extracting(CompletableFuture::join).containsOnly(request);
	}

	private CompletableFuture<@Nullable Observation> current(CompletionStage<?> stage) {
		return stage.handle((result, failure) -> this.registry.getCurrentObservation()).toCompletableFuture();
	}

}
