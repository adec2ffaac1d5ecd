package io.locky.web.internal.endpoint;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointLocks.Attempt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CallerLimitsTests {

	private static final Attempt GRANTED = new Attempt(1, null);

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final CallerLimits limits = new CallerLimits(EndpointLocks.blocking(this.fixture.template(null)),
			new SameLimits(2, 1000), System::nanoTime);

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void attemptCountsUntilItsStageCompletes() {
		CompletableFuture<Attempt> first = new CompletableFuture<>();
		CompletableFuture<Attempt> second = new CompletableFuture<>();
		lock("article:1", first);
		lock("article:2", second);
		assertThat(lock("article:3", new CompletableFuture<>())).failsWithin(0, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(EndpointProblem.class)
			.withMessageContaining("too-many-locks");
		first.completeExceptionally(new IllegalStateException("An attempt that fails on purpose"));
		assertThat(lock("article:3", CompletableFuture.completedFuture(GRANTED))).isCompletedWithValue(GRANTED);
		second.complete(GRANTED);
		lock("article:4", new CompletableFuture<>());
		assertThat(lock("article:5", new CompletableFuture<>())).isNotDone();
	}

	private CompletableFuture<Attempt> lock(String resource, CompletionStage<Attempt> attempt) {
		return this.limits.lock(new LockCaller("ann", null), resource, () -> attempt).toCompletableFuture();
	}

}
