package io.locky.annotation;

import java.util.List;
import java.util.stream.Stream;

import io.locky.ResourceLockedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
				arguments(OtherResult.class, "its fallback method 'other' returns Integer", "'String other(long)'"));
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
