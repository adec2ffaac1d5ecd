package io.locky.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.InvalidSettingException;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockForceReleasedEvent;
import io.locky.people.Hold;
import io.locky.people.HoldOutcome;
import io.locky.people.HoldPage;
import io.locky.people.LockHistory;
import io.locky.people.LockHistoryStore;
import io.locky.testing.TestRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

class HistoryAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class,
				LockyPeopleAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=test-" + UUID.randomUUID() + ":");

	@Test
	void thereIsNoneUnlessAskedFor() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(LockHistory.class));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void redisKeepsItWithItsBounds(boolean lazy) {
		runner(lazy).withPropertyValues("locky.history.enabled=true", "locky.history.length=4").run((context) -> {
			endInAllWays(context);
			context.getBean(LockyTemplate.class).lock("x", "last");
			context.getBean(LockyTemplate.class).unlock("x", "last");
			assertThat(holds(context)).hasSize(4).last().returns("bob", Hold::locker);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void storeOfTheApplicationGetsAllEnds(boolean lazy) {
		runner(lazy).withBean(Store.class).run((context) -> {
			endInAllWays(context);
			assertThat(context.getBean(Store.class).holds).hasSize(4);
		});
	}

	private ApplicationContextRunner runner(boolean lazy) {
		return lazy ? this.contextRunner.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
				: this.contextRunner;
	}

	private static void endInAllWays(ApplicationContext context) {
		LockyTemplate locks = context.getBean(LockyTemplate.class);
		locks.lock("x", "ann");
		locks.unlock("x", "ann");
		locks.lock("x", "bob");
		locks.lock(LockRequest.of("x").by("eve").force().note("Why"));
		long fence = locks.find("x").orElseThrow().fence();
		locks.unlock("x", "eve", fence);
		context.publishEvent(new LockForceReleasedEvent(context, "x", "eve", fence, "admin"));
		locks.lock(LockRequest.of("x").by("zoe").ttl(Duration.ofMillis(20)));
		await().until(() -> holds(context).size() == 4);
		assertThat(holds(context)).extracting(Hold::locker, Hold::outcome, Hold::by, Hold::note)
			.containsExactly(tuple("zoe", HoldOutcome.EXPIRED, null, null),
					tuple("eve", HoldOutcome.FORCE_RELEASED, "admin", null),
					tuple("bob", HoldOutcome.TAKEN_OVER, "eve", "Why"),
					tuple("ann", HoldOutcome.RELEASED, "ann", null));
	}

	private static List<Hold> holds(ApplicationContext context) {
		return context.getBean(LockHistory.class).history("x", null, 99).holds();
	}

	@Test
	void wrongBoundNamesItsProperty() {
		this.contextRunner.withPropertyValues("locky.history.enabled=true", "locky.history.length=0")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidSettingException.class,
						(ex) -> assertThat(ex.getSetting()).isEqualTo("locky.history.length")));
	}

	/** In memory; a hold that is added again replaces the first one. */
	static class Store implements LockHistoryStore {

		private final List<Hold> holds = new CopyOnWriteArrayList<>();

		@Override
		public void add(Hold hold) {
			this.holds.removeIf((other) -> other.fence() == hold.fence());
			this.holds.add(hold);
		}

		@Override
		public HoldPage page(String resource, @Nullable Long before, int size) {
			List<Hold> found = new ArrayList<>(this.holds);
			found.removeIf((hold) -> !hold.resource().equals(resource) || (before != null && hold.fence() >= before));
			found.sort((one, other) -> Long.compare(other.fence(), one.fence()));
			return new HoldPage(found.subList(0, Math.min(size, found.size())), null);
		}

	}

}
