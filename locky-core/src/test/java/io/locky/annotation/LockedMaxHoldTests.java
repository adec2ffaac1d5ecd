package io.locky.annotation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.IntStream;

import io.locky.LockLostException;
import io.locky.event.LockLostEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Work that does not end, or whose end cannot be seen.
 */
class LockedMaxHoldTests extends AnnotationFixture {

	@Test
	void futureThatNeverEndsLosesItsLock() {
		this.application.withBean(Articles.class).run((context) -> {
			CompletableFuture<String> work = new CompletableFuture<>();
			CompletableFuture<String> result = context.getBean(Articles.class).future("tea", work);
			assertThat(locks(context).getLocker("tea")).isNotNull();
			await().until(() -> locks(context).getLocker("tea") == null);
			await().until(() -> count(context, LockLostEvent.class) == 1);
			assertThat(result).isNotDone();
			work.complete("late");
			assertThat(result).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withCauseInstanceOf(LockLostException.class);
		});
	}

	@Test
	void monoThatNeverEndsLosesItsLock() {
		this.application.withBean(Articles.class).run((context) -> {
			context.getBean(Articles.class).mono("tea").subscribe();
			await().until(() -> count(context, LockLostEvent.class) == 1);
			await().until(() -> locks(context).getLocker("tea") == null);
		});
	}

	@Test
	void wrongDurationFailsTheStartUp() {
		assertRefused(WrongUnit.class, "@Locked on ", "\"10\" as 'maxHold' is not a duration", "unit");
		assertRefused(TooLong.class, "@Locked on ", "'maxHold' must be from 1 millisecond to 365 days", "Correct");
	}

	@ParameterizedTest
	@ValueSource(classes = { StreamResult.class, IntStreamResult.class, CallableResult.class, FutureStream.class,
			MonoStream.class })
	void resultThatIsReadAfterTheReturnIsRefused(Class<?> bean) {
		assertRefused(bean, "@Locked on ", "whose work is done after the lock is released", "finished value");
	}

	@Test
	void genericResultIsNotRefused() {
		this.application.withBean(Generic.class)
			.run((context) -> assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> context.getBean(Generic.class).stage("tea"))
				.withMessage("called"));
	}

	static class Articles {

		@Locked(value = "#slug", maxHold = "300ms")
		CompletableFuture<String> future(String slug, CompletableFuture<String> work) {
			return work;
		}

		@Locked(value = "#slug", maxHold = "${none:300ms}")
		Mono<String> mono(String slug) {
			return Mono.never();
		}

	}

	static class WrongUnit {

		@Locked(value = "x", maxHold = "10")
		void run() {
		}

	}

	static class TooLong {

		@Locked(value = "x", maxHold = "400d")
		void run() {
		}

	}

	static class StreamResult {

		@Locked("x")
		Stream<String> run() {
			return Stream.of();
		}

	}

	static class IntStreamResult {

		@Locked("x")
		IntStream run() {
			return IntStream.of();
		}

	}

	static class CallableResult {

		@Locked("x")
		Callable<String> run() {
			return () -> "";
		}

	}

	static class FutureStream {

		@Locked("x")
		CompletableFuture<Stream<String>> run() {
			return CompletableFuture.completedFuture(Stream.of());
		}

	}

	static class MonoStream {

		@Locked("x")
		Mono<Stream<String>> run() {
			return Mono.just(Stream.of());
		}

	}

	static class Generic {

		@Locked("#slug")
		<E extends Enum<E>> CompletableFuture<E> stage(String slug) {
			throw new IllegalStateException("called");
		}

	}

}
