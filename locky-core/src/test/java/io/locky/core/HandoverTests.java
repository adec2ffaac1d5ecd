package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt.Acquired;
import io.locky.LockRequest;
import io.locky.event.HandoverEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.people.HandoverAnswer.Later;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.LockHandovers;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests to hand over a lock, on a standalone Redis, and with answers that get lost.
 */
class HandoverTests {

	static ContractRedis redis() {
		return ContractRedis.of(TestRedis.connectionFactory());
	}

	@Nested
	class Requests extends HandoverContract {

		@Override
		ContractRedis redis() {
			return HandoverTests.redis();
		}

	}

	@Nested
	class Races extends HandoverRaceContract {

		@Override
		ContractRedis redis() {
			return HandoverTests.redis();
		}

	}

	/** The driver sends each call again, whose first answer is cut. */
	@Test
	void lostAnswersChangeNothing() throws Exception {
		try (EmbeddedRedis server = EmbeddedRedis.start(); RedisProxy proxy = new RedisProxy(server.port())) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofSeconds(5));
			try (LockyFixture lossy = new LockyFixture(connections)) {
				LockyTemplate template = lossy.template(LockyContract.TTL);
				template.lock("x", "ann");
				long fence = template.find("x").orElseThrow().fence();
				LockHandovers handovers = template.handovers();
				HandoverRequest warm = handovers.ask("x", "eve", "", null).orElseThrow();
				handovers.answer("x", "ann", fence, warm.id(), new Later(Duration.ofMinutes(1)));

				cut(proxy);
				HandoverRequest request = handovers.ask("x", "bob", "", null).orElseThrow();
				assertThat(handovers.requests("x")).contains(request).hasSize(2);
				cut(proxy);
				assertThat(handovers.answer("x", "ann", fence, request.id(), new Later(Duration.ofSeconds(1))))
					.isPresent();
				cut(proxy);
				HandoverRequest answered = handovers.answer("x", "ann", fence, request.id(), new Now()).orElseThrow();
				assertThat(answered.granted()).isEqualTo(template.find("x").orElseThrow().fence());
				cut(proxy);
				assertThat(handovers.claim(LockRequest.of("x").by("bob"), request.id())).isInstanceOf(Acquired.class);

				assertThat(lossy.events(HandoverEvent.class)).hasSize(5);
				assertThat(lossy.events(LockTakenOverEvent.class)).hasSize(1);
			}
			finally {
				connections.destroy();
			}
		}
	}

	private static void cut(RedisProxy proxy) {
		proxy.cutAnswer(":handovers:x", () -> {
		});
	}

}
