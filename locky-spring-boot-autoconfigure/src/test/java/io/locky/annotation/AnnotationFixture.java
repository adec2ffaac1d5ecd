package io.locky.annotation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.autoconfigure.LockyAutoConfiguration;
import io.locky.core.LockyTemplate;
import io.locky.event.LockyEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts applications whose beans have lock annotations.
 */
abstract class AnnotationFixture {

	final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, LockyAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
				"locky.prefix=" + this.fixture.prefix(), "locky.expiration.enabled=false")
		.withBean(Events.class);

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	<T> void assertRefused(Class<T> bean, String problem, String action) {
		this.contextRunner.withBean(bean)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidLockedMethodException.class, (ex) -> {
					assertThat(ex).hasMessageStartingWith("@Locked on " + bean.getName() + ".publish: ")
						.hasMessageContaining(problem);
					assertThat(ex.getAction()).contains(action);
				}));
	}

	static LockyTemplate locks(ApplicationContext context) {
		return context.getBean(LockyTemplate.class);
	}

	static long count(ApplicationContext context, Class<? extends LockyEvent> type) {
		return context.getBean(Events.class).events.stream().filter(type::isInstance).count();
	}

	static class Events {

		private final List<LockyEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(LockyEvent event) {
			this.events.add(event);
		}

	}

}
