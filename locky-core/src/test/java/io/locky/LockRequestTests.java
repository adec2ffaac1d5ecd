package io.locky;

import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LockRequestTests {

	static Stream<Duration> badLengths() {
		return Stream.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofNanos(999_999),
				Duration.ofDays(365).plusMillis(1));
	}

	@ParameterizedTest
	@NullSource
	@MethodSource("badLengths")
	void ttlOutOfBoundsIsRefused(Duration ttl) {
		assertThatIllegalArgumentException().isThrownBy(() -> LockRequest.of("x").by(1).ttl(ttl))
			.withMessageContaining("'ttl' must be from 1 millisecond to 365 days, but is " + ttl)
			.withMessageContaining("leave it unset");
	}

	@Test
	void requestIsImmutable() {
		LockRequest plain = LockRequest.of("x").by(1);
		LockRequest changed = plain.force().ttl(Duration.ofDays(365));
		assertThat(plain.options().force()).isFalse();
		assertThat(plain.options().ttl()).isNull();
		assertThat(changed.options().force()).isTrue();
		assertThat(changed.options().ttl()).hasDays(365);
	}

}
