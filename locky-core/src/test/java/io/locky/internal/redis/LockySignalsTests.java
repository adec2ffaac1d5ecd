package io.locky.internal.redis;

import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LockySignalsTests {

	@Test
	void interruptedCallerDoesNotKeepOthersFromSubscribing() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				LockySignals signals = fixture.newSignals()) {
			Thread.currentThread().interrupt();
			signals.subscribe();
			assertThat(Thread.interrupted()).isTrue();
			signals.subscribe();
			assertThat(signals.isSubscribed()).isTrue();
		}
	}

}
