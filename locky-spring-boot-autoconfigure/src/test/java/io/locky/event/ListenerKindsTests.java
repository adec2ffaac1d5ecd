package io.locky.event;

import java.util.List;

import io.locky.event.ListeningApplication.Call;
import io.locky.event.ListeningApplication.Calls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What docs/events.md says of listeners that need no transaction. What Redis keeps while
 * a listener runs is published again after a crash, and nothing else.
 */
class ListenerKindsTests {

	@Test
	void redisKeepsAnExpiryUntilItsListenerReturns() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Synchronous.class)) {
			Calls calls = application.calls();
			calls.blockListener();
			application.expire("x");
			assertThat(calls.awaitCall().thread()).startsWith("locky-expired-");
			assertThat(application.kept()).isEqualTo(1);
			calls.resume();
			application.awaitAcknowledged();
			assertThat(calls.all()).hasSize(1);
		}
	}

	@Test
	void listenerThatThrowsIsNotCalledAgain() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Synchronous.class)) {
			application.calls().failOnce(() -> {
			});
			application.expire("x");
			application.calls().awaitCall();
			application.awaitAcknowledged();
			assertThat(application.calls().all()).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Asynchronous.class, AsynchronousMulticaster.class })
	void redisKeepsNothingForAnAsynchronousListener(Class<?> listener) {
		try (ListeningApplication application = ListeningApplication.start(List.of(), listener)) {
			Calls calls = application.calls();
			calls.blockListener();
			application.expire("x");
			assertThat(calls.awaitCall().thread()).startsWith("app-");
			application.awaitAcknowledged();
			calls.resume();
			assertThat(calls.all()).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Asynchronous.class, AsynchronousMulticaster.class })
	void asynchronousListenerThatThrowsIsNotCalledAgain(Class<?> listener) {
		try (ListeningApplication application = ListeningApplication.start(List.of(), listener)) {
			application.calls().failOnce(() -> {
			});
			application.expire("x");
			application.calls().awaitCall();
			application.awaitAcknowledged();
			assertThat(application.calls().all()).hasSize(1);
		}
	}

	@Test
	void listenerOfAnOperationRunsInTheThreadOfTheCaller() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Synchronous.class)) {
			application.calls().failOnce(() -> {
			});
			application.locks().lock("x", "ann");
			assertThat(application.locks().unlock("x")).isTrue();
			assertThat(application.calls().all()).extracting(Call::thread)
				.containsExactly(Thread.currentThread().getName());
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Asynchronous.class, AsynchronousMulticaster.class })
	void asynchronousListenerDoesNotDelayTheCaller(Class<?> listener) {
		try (ListeningApplication application = ListeningApplication.start(List.of(), listener)) {
			application.calls().blockListener();
			application.locks().lock("x", "ann");
			assertThat(application.locks().unlock("x")).isTrue();
			assertThat(application.calls().awaitCall().thread()).startsWith("app-");
		}
	}

	static class Synchronous {

		private final Calls calls;

		Synchronous(Calls calls) {
			this.calls = calls;
		}

		@EventListener({ LockExpiredEvent.class, LockReleasedEvent.class })
		void on(LockyEvent event) {
			this.calls.on(event, "synchronous");
		}

	}

	static class Asynchronous {

		private final Calls calls;

		Asynchronous(Calls calls) {
			this.calls = calls;
		}

		@Async
		@EventListener({ LockExpiredEvent.class, LockReleasedEvent.class })
		public void on(LockyEvent event) {
			this.calls.on(event, "asynchronous");
		}

	}

	static class AsynchronousMulticaster extends Synchronous {

		AsynchronousMulticaster(Calls calls) {
			super(calls);
		}

		@Bean
		static ApplicationEventMulticaster applicationEventMulticaster() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor("app-"));
			return multicaster;
		}

	}

}
