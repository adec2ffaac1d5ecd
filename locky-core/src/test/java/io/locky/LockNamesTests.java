package io.locky;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LockNamesTests {

	static Stream<Arguments> badNames() {
		return Stream.of(Arguments.of(null, "must not be null"), Arguments.of("", "must not be blank"),
				Arguments.of(" \t", "must not be blank"), Arguments.of("a".repeat(513), "at most 512 characters"),
				Arguments.of("a\nb", "control characters"), Arguments.of("a\u0000", "control characters"),
				Arguments.of("a\u0085", "control characters"), Arguments.of("a\uD800", "half a surrogate pair"),
				Arguments.of("\uD800a", "half a surrogate pair"), Arguments.of("\uDD12\uD83D", "half a surrogate pair"),
				Arguments.of(new Object(), "java.lang.Object"), Arguments.of(List.of(1), "pass its id instead"),
				Arguments.of(new OwnNumber(), "OwnNumber"));
	}

	@ParameterizedTest
	@MethodSource("badNames")
	void badNameIsRefusedByEveryOperation(Object name, String why) {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyTemplate locks = fixture.template(Duration.ofSeconds(3));
			List<BiConsumer<Object, Object>> operations = List.of(locks::lock,
					(resource, locker) -> LockRequest.of(resource).by(locker), locks::refresh, locks::unlock,
					(resource, locker) -> locks.refresh(resource, locker, 7),
					(resource, locker) -> locks.tryRefresh(resource, locker, 7),
					(resource, locker) -> locks.unlock(resource, locker, 7));
			for (BiConsumer<Object, Object> operation : operations) {
				assertRefused(() -> operation.accept(name, 20), "'resource'", why);
				assertRefused(() -> operation.accept("x", name), "'locker'", why);
			}
			assertRefused(() -> locks.refresh(name), "'resource'", why);
			assertRefused(() -> locks.unlock(name), "'resource'", why);
			assertRefused(() -> locks.getLocker(name), "'resource'", why);
			assertRefused(() -> locks.find(name), "'resource'", why);
			assertThat(fixture.allKeys()).isEmpty();
		}
	}

	@Test
	void escapedValueHasNoSeparator() {
		assertThat(LockNames.escape("1:2")).isEqualTo("1%3A2");
		assertThat(LockNames.escape("100 %/é\u0301\n")).isEqualTo("100%20%25%2Fé%CC%81%0A");
		assertThat(LockNames.escape("Müller-x_y.z~１")).isEqualTo("Müller-x_y.z~１");
		assertThat(LockNames.escape(-7L)).isEqualTo("-7");
		assertThat(LockNames.escape(new UUID(0, 12))).isEqualTo("00000000-0000-0000-0000-00000000000c");
	}

	@Test
	void valueThatCannotBePartOfANameIsNotEscaped() {
		assertRefused(() -> LockNames.escape(null), "'value'", "must not be null");
		assertRefused(() -> LockNames.escape(" \t"), "'value'", "must not be blank");
		assertRefused(() -> LockNames.escape("a\uD800"), "'value'", "half a surrogate pair");
		assertRefused(() -> LockNames.escape(new Object()), "'value'", "pass its id instead");
	}

	private static void assertRefused(Runnable operation, String which, String why) {
		assertThatIllegalArgumentException().isThrownBy(operation::run)
			.withMessageContaining(which)
			.withMessageContaining(why);
	}

	@Test
	void valuesWithAStableTextAreNames() {
		UUID id = UUID.randomUUID();
		assertThat(LockNames.resource(12)).isEqualTo("12");
		assertThat(LockNames.resource(12L)).isEqualTo("12");
		assertThat(LockNames.resource(new BigDecimal("12.50"))).isEqualTo("12.50");
		assertThat(LockNames.resource(id)).isEqualTo(id.toString());
		assertThat(LockNames.resource(new StringBuilder("a"))).isEqualTo("a");
		assertThat(LockNames.resource(Desk.SPORT)).isEqualTo("SPORT");
		assertThat(LockNames.resource("a\uD83D\uDD12")).isEqualTo("a\uD83D\uDD12");
		assertThat(LockNames.resource("a".repeat(512))).hasSize(512);
	}

	enum Desk {

		SPORT;

		@Override
		public String toString() {
			return "translated";
		}

	}

	static final class OwnNumber extends Number {

		@Override
		public int intValue() {
			return 1;
		}

		@Override
		public long longValue() {
			return 1;
		}

		@Override
		public float floatValue() {
			return 1;
		}

		@Override
		public double doubleValue() {
			return 1;
		}

	}

}
