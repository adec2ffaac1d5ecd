package io.locky.annotation;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class RequiresLockMistakesTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.expiration.enabled=false");

	@Test
	void mistakesEndTheStartUpWithAnAction() {
		assertRefused(UnknownParameter.class, "there is no parameter 'ident'", "Use one of [id]");
		assertRefused(Hidden.class, "a proxy cannot reach", "overridable");
		assertRefused(Unfinished.class, "never closed", "Correct the text");
		assertRefused(UnknownFence.class, "there is no parameter 'fence'", "Use one of [id]");
		assertRefused(TooFewFences.class, "it has 2 resources and 1 fences", "one fence for each");
		assertRefused(NoResource.class, "it names no resource", "Name the resources");
	}

	private <T> void assertRefused(Class<T> bean, String problem, String action) {
		this.contextRunner.withBean(bean)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidLockedMethodException.class, (ex) -> {
					assertThat(ex).hasMessageContaining("@RequiresLock on")
						.hasMessageContaining(bean.getSimpleName())
						.hasMessageContaining(problem);
					assertThat(ex.getAction()).contains(action);
				}));
	}

	static class UnknownParameter {

		@RequiresLock("article:#<ident>")
		void save(long id) {
		}

	}

	static class UnknownFence {

		@RequiresLock(value = "article:#<id>", fence = "#<fence>")
		void save(long id) {
		}

	}

	static class Hidden {

		@RequiresLock("article:12")
		private void save() {
		}

	}

	static class Unfinished {

		@RequiresLock("article:#{id")
		void save(long id) {
		}

	}

	static class TooFewFences {

		@RequiresLock(value = { "article:#<id>", "gallery:#<id>" }, fence = "#id")
		void save(long id) {
		}

	}

	static class NoResource {

		@RequiresLock({})
		void save() {
		}

	}

}
