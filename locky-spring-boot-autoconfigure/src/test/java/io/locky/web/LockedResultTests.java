package io.locky.web;

import io.locky.annotation.InvalidLockedMethodException;
import io.locky.annotation.Locked;
import io.locky.annotation.LockedBeanPostProcessor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Results of Spring MVC that go on after the method has returned.
 */
class LockedResultTests {

	@ParameterizedTest
	@ValueSource(classes = { Deferred.class, Task.class, Streaming.class, Emitter.class, Entity.class })
	void resultThatGoesOnInAnotherThreadIsRefused(Class<?> controller) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(LockedBeanPostProcessor.class, () -> new LockedBeanPostProcessor(() -> {
				throw new IllegalStateException("Not called at start-up");
			}, () -> null));
			context.registerBean(controller);
			assertThatThrownBy(context::refresh).rootCause()
				.isInstanceOf(InvalidLockedMethodException.class)
				.hasMessageContaining("whose work is done after the lock is released");
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

	static class Streaming {

		@Locked("x")
		StreamingResponseBody run() {
			return (output) -> output.write(1);
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

}
