package io.locky.annotation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.core.LockyTemplate;
import io.locky.event.LockyEvent;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Starts applications whose beans have lock annotations.
 */
abstract class AnnotationFixture {

	final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	final TestApplication application = withLocks(TestApplication.withLockAnnotations());

	/**
	 * Adds the locks to an application.
	 * @param withAnnotations an application with the post-processors
	 * @return the complete application
	 */
	TestApplication withLocks(TestApplication withAnnotations) {
		return withAnnotations.with((context) -> context.registerBean(LockyTemplate.class,
				() -> new LockyTemplate(new StringRedisTemplate(TestRedis.connectionFactory()),
						this.fixture.settings().build(), context)))
			.withBean(Events.class);
	}

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	/** Asserts that an application with this bean does not start. */
	void assertRefused(Class<?> bean, String messageStart, String problem, String action) {
		InvalidLockedMethodException failure = startFailure(bean);
		assertThat(failure).hasMessageStartingWith(messageStart).hasMessageContaining(problem);
		assertThat(failure.getAction()).contains(action);
	}

	InvalidLockedMethodException startFailure(Class<?> bean) {
		Throwable failure = catchThrowable(() -> this.application.withBean(bean).run((context) -> {
		}));
		assertThat(failure).rootCause().isInstanceOf(InvalidLockedMethodException.class);
		return (InvalidLockedMethodException) NestedExceptionUtils.getMostSpecificCause(failure);
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
