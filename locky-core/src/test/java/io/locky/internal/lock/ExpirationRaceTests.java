package io.locky.internal.lock;

import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.locky.internal.lock.ExpirationRace.Result;
import io.locky.internal.redis.ScriptCall;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.core.script.RedisScript;

import static org.assertj.core.api.Assertions.assertThat;

class ExpirationRaceTests {

	private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("locky.race.seconds", 6));

	@Test
	void everyExpiryIsPublishedOnceAndFencesRise() throws Exception {
		Result result = race(UnaryOperator.identity());
		System.out.println("Race with expire-on-acquire: " + result);
		assertThat(result.expired()).isGreaterThan(500);
		assertThat(result).isEqualTo(new Result(result.grants(), result.expired(), 0, 0, 0, 0));
	}

	/**
	 * Shows that the race above would have caught it.
	 */
	@Test
	void expiriesAreLostWithoutExpireOnAcquire() throws Exception {
		Result result = race(ExpirationRaceTests::withoutExpireOnAcquire);
		System.out.println("Race without expire-on-acquire: " + result);
		assertThat(result.lost()).isPositive();
	}

	private static Result race(UnaryOperator<ScriptCall<AcquireReply>> change) throws Exception {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());
				ExpirationRace race = new ExpirationRace(fixture, change, 3)) {
			race.run(LENGTH);
			return race.result();
		}
	}

	private static ScriptCall<AcquireReply> withoutExpireOnAcquire(ScriptCall<AcquireReply> call) {
		String text = call.script().getScriptAsString();
		int start = text.indexOf("  if lock.leftover then");
		int end = text.indexOf("  end\n", start) + 6;
		assertThat(start).as("the step in the script").isPositive();
		Class<?> resultType = Objects.requireNonNull(call.script().getResultType());
		return new ScriptCall<>(RedisScript.of(text.substring(0, start) + text.substring(end), resultType), call.keys(),
				call.arguments(), call.reader());
	}

}
