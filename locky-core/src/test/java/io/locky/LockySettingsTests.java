package io.locky;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LockySettingsTests {

	static Stream<Arguments> badValues() {
		return Stream.of(bad((settings) -> settings.ttl(Duration.ZERO), "'ttl' must be from 1 millisecond to 365 days"),
				bad((settings) -> settings.ttl(Duration.ofDays(366)), "'ttl' must be from 1 millisecond to 365 days"),
				bad((settings) -> settings.prefix(" "), "'prefix' must not be empty"),
				bad((settings) -> settings.prefix("a\nb:"), "'prefix' must not have control characters"),
				bad((settings) -> settings.prefix("locky:lock:"),
						"'prefix' must not contain 'lock:', but is 'locky:lock:': its keys could be those of locks with "
								+ "a shorter prefix. Use for example 'locky:locks:'"),
				bad((settings) -> settings.prefix("myapp-lock:"), "'prefix' must not contain 'lock:'"),
				bad((settings) -> settings.prefix("lock:lock:"), "'prefix' must not contain 'lock:'"),
				bad((settings) -> settings.prefix("a:lock:{b}:"), "'prefix' must not contain 'lock:'"),
				bad((settings) -> settings.ackTimeout(Duration.ofMillis(999)),
						"'ackTimeout' must be at least 1 second"),
				bad((settings) -> settings.listenerThreads(0), "'listenerThreads' must be at least 1"),
				bad((settings) -> settings.instance(""), "'instance' must not be empty"),
				bad((settings) -> settings.eventLogLength(999), "'eventLogLength' must be at least 1000"),
				bad((settings) -> settings.ackTimeout(Duration.ofSeconds(Long.MAX_VALUE)),
						"'ackTimeout' must be from 1 millisecond to 365 days"),
				bad((settings) -> settings.minReplicasAck(-1, Duration.ofSeconds(1)),
						"'minReplicasAck' must not be negative"),
				bad((settings) -> settings.minReplicasAck(1, Duration.ZERO),
						"'minReplicasAckTimeout' must be from 1 millisecond to 365 days"));
	}

	private static Arguments bad(Consumer<LockySettings.Builder> change, String message) {
		return Arguments.of(change, message);
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("badValues")
	void badValueIsRefusedByItsName(Consumer<LockySettings.Builder> change, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> change.accept(LockySettings.builder()))
			.withMessageStartingWith(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "lock:", "myapp-locks:", "lock", "mylock", "Lock:a:", "{lock}:" })
	void prefixThatOverlapsNoOtherIsAllowed(String prefix) {
		assertThat(LockySettings.builder().prefix(prefix).build().prefix()).isEqualTo(prefix);
	}

	@Test
	void defaultsAreThoseOfTheDocumentation() {
		LockySettings settings = LockySettings.builder().build();
		assertThat(settings.ttl()).isNull();
		assertThat(settings.prefix()).isEqualTo("locky:");
		assertThat(settings.expiration()).isTrue();
		assertThat(settings.ackTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(settings.listenerThreads()).isEqualTo(4);
		assertThat(settings.expirationTransaction()).isNull();
		assertThat(settings.broadcast()).isFalse();
		assertThat(settings.instance()).isNotBlank().isNotEqualTo(LockySettings.builder().build().instance());
		assertThat(settings.eventLogLength()).isEqualTo(100_000);
		assertThat(settings.npmInterop()).isFalse();
		assertThat(settings.minReplicasAck()).isZero();
		assertThat(settings.minReplicasAckTimeout()).isEqualTo(Duration.ofSeconds(1));
		assertThat(settings.shutdownTimeout()).isEqualTo(Duration.ofSeconds(15));
		assertThat(settings.startupCheck()).isTrue();
	}

	@Test
	void settingsHaveTheValuesOfTheirBuilder() {
		LockySettings settings = LockySettings.builder()
			.ttl(Duration.ofSeconds(47))
			.prefix("mine:")
			.expiration(false)
			.ackTimeout(Duration.ofSeconds(1))
			.listenerThreads(7)
			.expirationTransaction(TransactionOperations.withoutTransaction())
			.broadcast(true)
			.instance("me")
			.eventLogLength(1000)
			.npmInterop(true)
			.minReplicasAck(2, Duration.ofMillis(1))
			.shutdownTimeout(Duration.ofSeconds(7))
			.startupCheck(false)
			.build();
		assertThat(settings.ttl()).isEqualTo(Duration.ofSeconds(47));
		assertThat(settings.prefix()).isEqualTo("mine:");
		assertThat(settings.expiration()).isFalse();
		assertThat(settings.ackTimeout()).isEqualTo(Duration.ofSeconds(1));
		assertThat(settings.expirationTransaction()).isSameAs(TransactionOperations.withoutTransaction());
		assertThat(settings.listenerThreads()).isEqualTo(7);
		assertThat(settings.broadcast()).isTrue();
		assertThat(settings.instance()).isEqualTo("me");
		assertThat(settings.eventLogLength()).isEqualTo(1000);
		assertThat(settings.npmInterop()).isTrue();
		assertThat(settings.minReplicasAck()).isEqualTo(2);
		assertThat(settings.minReplicasAckTimeout()).isEqualTo(Duration.ofMillis(1));
		assertThat(settings.shutdownTimeout()).isEqualTo(Duration.ofSeconds(7));
		assertThat(settings.startupCheck()).isFalse();
	}

	@Test
	void builtSettingsDoNotChangeWithTheirBuilder() {
		LockySettings.Builder builder = LockySettings.builder().ttl(Duration.ofSeconds(47)).prefix("mine:");
		LockySettings settings = builder.build();
		builder.ttl(null).prefix("other:");
		assertThat(settings.ttl()).isEqualTo(Duration.ofSeconds(47));
		assertThat(settings.prefix()).isEqualTo("mine:");
		assertThat(builder.build().prefix()).isEqualTo("other:");
	}

}
