package io.locky.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.locky.testing.CompiledWithoutNames;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.Aware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Mistakes that fail the start-up.
 */
class LockedChecksTests extends AnnotationFixture {

	static Stream<Arguments> mistakes() {
		return Stream.of(arguments(UnknownParameter.class, "there is no parameter 'ident'", "Use one of [id]"),
				arguments(UnknownLocker.class, "there is no parameter 'user'", "Use one of [id]"),
				arguments(HiddenMethod.class, "a proxy cannot reach", "overridable"),
				arguments(FinalMethod.class, "a proxy cannot reach", "in Kotlin 'open'"),
				arguments(StaticMethod.class, "a proxy cannot reach", "overridable"),
				arguments(FinalClass.class, "no proxy can be made of the final class", "in Kotlin 'open'"),
				arguments(FinalMethodOfClass.class, "a proxy cannot reach", "overridable"),
				arguments(Unfinished.class, "never closed", "Correct the text"),
				arguments(Nothing.class, "names no resource", "Name one or more"),
				arguments(Blank.class, "'resource' must not be blank", "Correct the attribute"),
				arguments(NoUnit.class, "\"30\" as 'ttl' is not a duration", "30s"),
				arguments(NoDuration.class, "\"soon\" as 'waitFor' is not a duration", "30s"),
				arguments(TooLong.class, "'waitUpTo' must be from 1 millisecond to 1 day", "Correct the attribute"),
				arguments(NoProperty.class, "\"${press.missing}\" as 'ttl' has a property that is not set", "default"),
				arguments(PrimitiveSkip.class, "there is no int to return when it is skipped", "fallback"),
				arguments(OwnFuture.class, "it returns a Own", "CompletableFuture"),
				arguments(ChosenFuture.class, "it returns a F", "CompletableFuture"),
				arguments(CalledByContainer.class, "Spring calls it on the bean itself", "another bean"));
	}

	@ParameterizedTest
	@MethodSource("mistakes")
	void mistakeFailsTheStartUpWithAnAction(Class<?> bean, String problem, String action) {
		assertRefused(bean, "@Locked on " + bean.getName() + ".publish: ", problem, action);
	}

	@Test
	void futureThatATypeVariableStandsForIsRefused() {
		assertThat(startFailure(ReturningOwnFuture.class)).hasMessageContaining("it returns a Own");
	}

	@Test
	void classWithoutParameterNamesIsRefused() throws Exception {
		Class<?> bean = CompiledWithoutNames.compile("""
				public class Nameless {
					@io.locky.annotation.Locked("article:#id")
					public void publish(long id) {
					}
				}
				""");
		assertThat(startFailure(bean))
			.hasMessageEndingWith("it names the parameter 'id', but the class was compiled without names")
			.extracting(InvalidLockedMethodException::getAction, InstanceOfAssertFactories.STRING)
			.startsWith("Compile with the option -parameters")
			.contains("Maven:", "Gradle:", "IntelliJ IDEA:", "Eclipse:");
	}

	static class UnknownParameter {

		@Locked("article:#<ident>")
		void publish(long id) {
		}

	}

	static class UnknownLocker {

		@Locked(value = "article:#id", locker = "#user")
		void publish(long id) {
		}

	}

	static class HiddenMethod {

		@Locked("x")
		private void publish() {
		}

	}

	static class FinalMethod {

		@Locked("x")
		final void publish() {
		}

	}

	static class StaticMethod {

		@Locked("x")
		static void publish() {
		}

	}

	static final class FinalClass {

		@Locked("x")
		void publish() {
		}

	}

	@Locked("x")
	static class FinalMethodOfClass {

		public final void publish() {
		}

	}

	static class Unfinished {

		@Locked("article:#{id")
		void publish(long id) {
		}

	}

	static class Nothing {

		@Locked({})
		void publish() {
		}

	}

	static class Blank {

		@Locked({ "x", " " })
		void publish() {
		}

	}

	static class NoUnit {

		@Locked(value = "x", ttl = "30")
		void publish() {
		}

	}

	static class NoDuration {

		@Locked(value = "x", waitFor = "soon")
		void publish() {
		}

	}

	static class TooLong {

		@Locked(value = "x", waitFor = "25h")
		void publish() {
		}

	}

	static class NoProperty {

		@Locked(value = "x", ttl = "${press.missing}")
		void publish() {
		}

	}

	static class PrimitiveSkip {

		@Locked(value = "x", onDenied = OnDenied.SKIP)
		int publish() {
			return 1;
		}

	}

	static class OwnFuture {

		@Locked("x")
		Own publish() {
			return new Own();
		}

	}

	static class Returning<T> {

		@Locked("x")
		@Nullable T publish() {
			return null;
		}

	}

	static class ReturningOwnFuture extends Returning<Own> {

	}

	static class ChosenFuture {

		@Locked("x")
		<F extends CompletableFuture<String>> F publish(F future) {
			return future;
		}

	}

	interface PublisherAware extends Aware {

		void publish();

	}

	static class CalledByContainer implements PublisherAware {

		@Override
		@Locked("x")
		public void publish() {
		}

	}

	static class Own extends CompletableFuture<String> {

	}

}
