package io.locky.core;

import java.time.Duration;
import java.util.List;

import io.locky.signal.LockySignals;
import io.locky.testing.DocumentedUser;
import io.locky.testing.LockyFixture;
import io.locky.testing.LockyInstance;
import io.locky.testing.RestrictedRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * All contracts as the user of the documentation, who may do nothing in vain.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeastPrivilegeTests {

	private static RestrictedRedis redis;

	private static LettuceConnectionFactory user;

	@BeforeAll
	static void startRedis() {
		redis = RestrictedRedis.start();
		user = redis.connectAs(DocumentedUser.rules());
	}

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	static List<String> commands() {
		return DocumentedUser.rules().stream().filter((rule) -> rule.startsWith("+")).toList();
	}

	@Test
	void instanceTellsExpiriesAndHearsHintsWithoutAWarning(CapturedOutput output) {
		try (LockyFixture fixture = new LockyFixture(redis.admin());
				LockyInstance instance = LockyInstance.start(
						"spring.data.redis.url=" + redis.user(DocumentedUser.rulesWith("info")),
						"locky.prefix=" + fixture.prefix(), "locky.ttl=300ms")) {
			instance.locks().lock("x", "ann");
			await().until(() -> instance.expired().size() == 1);
			await().until(() -> instance.bean(LockySignals.class).isRunning());
			await().until(() -> fixture.allKeys().size() == 1);
		}
		assertThat(output).doesNotContain("WARN").doesNotContain("ERROR");
	}

	@Test
	void npmInteropWorksWithItsOwnLine(CapturedOutput output) {
		try (LockyFixture fixture = new LockyFixture(redis.admin());
				LockyInstance instance = LockyInstance.start(
						"spring.data.redis.url=" + redis.user(DocumentedUser.rulesWith("sscan")),
						"locky.prefix=" + fixture.prefix(), "locky.npm-interop=true")) {
			fixture.redis().opsForValue().set(fixture.lockKey("x"), "john", Duration.ofMillis(900));
			fixture.redis().opsForSet().add(fixture.key("x", "current:locks"), fixture.lockKey("x"));
			instance.locks().lock("y", "ann");
			await().until(() -> instance.expired().size() == 1);
			assertThat(instance.locks().unlock("y")).isTrue();
		}
		assertThat(output).doesNotContain("WARN").doesNotContain("ERROR");
	}

	@Test
	void eventsReachAnotherInstanceWithTheirOwnLine(CapturedOutput output) {
		String url = "spring.data.redis.url=" + redis.user(DocumentedUser.rulesWith("xadd"));
		try (LockyFixture fixture = new LockyFixture(redis.admin());
				LockyInstance here = LockyInstance.start(url, "locky.prefix=" + fixture.prefix(),
						"locky.events.broadcast=true");
				LockyInstance there = LockyInstance.start(url, "locky.prefix=" + fixture.prefix(),
						"locky.events.broadcast=true")) {
			await().until(() -> {
				here.locks().lock("x", "ann");
				here.locks().unlock("x", "ann");
				return !there.events().isEmpty();
			});
		}
		assertThat(output).doesNotContain("WARN").doesNotContain("ERROR");
	}

	@Test
	void anotherDatabaseWorksWithItsOwnLine() {
		String url = redis.user(DocumentedUser.rulesWith("select")) + "/3";
		try (LockyInstance instance = LockyInstance.start("spring.data.redis.url=" + url, "locky.prefix=test-3:",
				"locky.ttl=1s")) {
			assertThat(instance.locks().lock("x", "ann")).isTrue();
		}
	}

	@Test
	void userWhoMayNotPublishCanLockAllTheSame() {
		LettuceConnectionFactory silent = redis.connectAs(List.of("on", ">secret", "~*", "resetchannels", "+@all"));
		try (LockyFixture fixture = new LockyFixture(silent)) {
			LockyTemplate locks = fixture.template(Duration.ofMinutes(5));
			assertThat(locks.lock("x", "ann")).isTrue();
			assertThat(locks.lock("x", "bob")).isFalse();
			assertThat(locks.unlock("x")).isTrue();
			assertThat(locks.lockAll(List.of("x", "y"), "ann")).isTrue();
		}
	}

	@ParameterizedTest
	@MethodSource("commands")
	void noCommandOfTheLineIsInVain(String rule) throws Exception {
		List<String> rules = DocumentedUser.rules().stream().filter((other) -> !other.equals(rule)).toList();
		redis.execute("SCRIPT", List.of("FLUSH"));
		try (LockyFixture fixture = new LockyFixture(redis.connectAs(rules), redis.admin())) {
			OperationsOfAllKinds operations = new OperationsOfAllKinds(fixture);
			if (rule.equals("+publish")) {
				assertThat(operations.hintArrives()).isFalse();
			}
			else {
				assertThat(operations.failures()).isNotEmpty()
					.allSatisfy((failure) -> assertThat(failure).containsAnyOf("NOPERM", "user executing the script",
							"ACL failure", "subscription"));
			}
		}
	}

	@Test
	void nothingFailsWithTheWholeLine() throws Exception {
		redis.execute("SCRIPT", List.of("FLUSH"));
		try (LockyFixture fixture = new LockyFixture(user, redis.admin())) {
			OperationsOfAllKinds operations = new OperationsOfAllKinds(fixture);
			assertThat(operations.failures()).isEmpty();
			assertThat(operations.hintArrives()).isTrue();
		}
	}

	@Nested
	class Operations extends LockyOperationsContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return user;
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return redis.admin();
		}

	}

	@Nested
	class ForeignLocks extends ForeignLockContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return user;
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return redis.admin();
		}

	}

	@Nested
	class Handles extends LockHandleContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return user;
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return redis.admin();
		}

	}

	@Nested
	class Requests extends LockRequestContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return user;
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return redis.admin();
		}

	}

	@Nested
	class Lists extends LockListContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return user;
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return redis.admin();
		}

	}

	@Nested
	class Waiting extends LockWaitingContract {

		@Override
		RedisConnectionFactory connectionFactory() {
			return user;
		}

		@Override
		RedisConnectionFactory adminConnectionFactory() {
			return redis.admin();
		}

	}

}
