package io.locky.annotation;

import java.util.List;
import java.util.stream.Stream;

import io.locky.ResourceLockedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.transaction.annotation.Transactional;

import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Fallback methods that fail the start-up.
 */
class FallbackChecksTests extends AnnotationFixture {

	static Stream<Arguments> mistakes() {
		return Stream.of(arguments(NoFallback.class, "need each other", "Set both"),
				arguments(UselessFallback.class, "need each other", "Set both"),
				arguments(MissingFallback.class, "there is no method 'other'", "'String other(long)'"),
				arguments(OtherParameters.class, "does not take the same parameters", "'String other(long)'"),
				arguments(OtherResult.class, "its fallback method 'other' returns Integer", "'String other(long)'"),
				arguments(LockedFallback.class, "'other' has @Locked, which would have no effect", "Remove it"),
				arguments(TransactionalFallback.class, "'other' has @Transactional", "another bean"),
				arguments(SecuredFallback.class, "'other' has @PreAuthorize", "another bean"),
				arguments(TransactionalClass.class, "'other' has @Transactional", "private method"));
	}

	@ParameterizedTest
	@MethodSource("mistakes")
	void mistakeFailsTheStartUpWithAnAction(Class<?> bean, String problem, String action) {
		assertRefused(bean, "@Locked on " + bean.getName() + ".publish: ", problem, action);
	}

	static class NoFallback {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK)
		void publish() {
		}

	}

	static class UselessFallback {

		@Locked(value = "x", fallback = "other")
		void publish() {
		}

	}

	static class MissingFallback {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		String publish(long id) {
			return "";
		}

	}

	static class OtherParameters extends MissingFallback {

		@Override
		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		String publish(long id) {
			return "";
		}

		String other(ResourceLockedException denied) {
			return "";
		}

	}

	static class LockedFallback {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		void publish() {
		}

		@Locked("y")
		void other() {
		}

	}

	static class TransactionalFallback {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		void publish() {
		}

		@Transactional
		void other() {
		}

	}

	static class SecuredFallback {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		void publish() {
		}

		@PreAuthorize("hasRole('CHIEF')")
		void other() {
		}

	}

	@Transactional
	static class TransactionalClass {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		public void publish() {
		}

		public void other() {
		}

	}

	static class OtherResult {

		@Locked(value = "x", onDenied = OnDenied.FALLBACK, fallback = "other")
		String publish(long id) {
			return "";
		}

		Integer other(long id) {
			return List.of(id).size();
		}

	}

}
