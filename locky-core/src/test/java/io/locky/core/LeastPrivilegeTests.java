package io.locky.core;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.locky.internal.expiration.TestClaims;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.DocumentedUser;
import io.locky.testing.LockyFixture;
import io.locky.testing.RestrictedRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * All contracts as the documented user, who has only the permissions that Locky needs.
 */
class LeastPrivilegeTests extends AllContracts {

	private static RestrictedRedis server;

	private static LettuceConnectionFactory user;

	private static LettuceConnectionFactory broadcaster;

	@BeforeAll
	static void startRedis() {
		server = RestrictedRedis.start();
		user = server.connectAs(DocumentedUser.rules());
		broadcaster = server.connectAs(DocumentedUser.rulesWith("xadd"));
	}

	@AfterAll
	static void stopRedis() {
		server.close();
	}

	@Override
	ContractRedis redis() {
		return new ContractRedis(user, server.admin());
	}

	@Override
	ContractRedis broadcastRedis() {
		return new ContractRedis(broadcaster, server.admin());
	}

	static List<String> commands() {
		return DocumentedUser.rules().stream().filter((rule) -> rule.startsWith("+")).toList();
	}

	@Test
	void userWithoutPublishPermissionCanLock() {
		LettuceConnectionFactory silent = server.connectAs(List.of("on", ">secret", "~*", "resetchannels", "+@all"));
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
	void eachDocumentedCommandIsNeeded(String rule) throws Exception {
		List<String> rules = DocumentedUser.rules().stream().filter((other) -> !other.equals(rule)).toList();
		server.execute("SCRIPT", List.of("FLUSH"));
		try (LockyFixture fixture = new LockyFixture(server.connectAs(rules), server.admin())) {
			OperationsOfAllKinds operations = new OperationsOfAllKinds(fixture);
			if (rule.equals("+publish")) {
				assertThat(operations.hintArrives(Duration.ofMillis(500))).isFalse();
			}
			else {
				assertThat(operations.failures()).isNotEmpty()
					.allSatisfy((failure) -> assertThat(failure).containsAnyOf("NOPERM", "user executing the script",
							"ACL failure"));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "+hmget", "+hdel", "+zremrangebyrank" })
	void claimRefusedHalfwayLosesNoExpiry(String rule) {
		List<String> rules = DocumentedUser.rules().stream().filter((other) -> !other.equals(rule)).toList();
		try (LockyFixture fixture = new LockyFixture(server.connectAs(rules), server.admin())) {
			LockyTemplate locks = fixture.template(Duration.ofMillis(1));
			List<String> resources = List.of("x", "y", "z");
			resources.forEach((resource) -> locks.lock(resource, "ann"));
			TestClaims claims = new TestClaims(fixture);
			Duration ackTimeout = Duration.ofMillis(1);
			await().until(() -> resources.stream().allMatch((resource) -> locks.getLocker(resource) == null));
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> claims.claim(fixture.scripts(), 500, ackTimeout));
			ScriptRunner allowed = new ScriptRunner(server.admin());
			Set<String> published = new HashSet<>();
			await().until(() -> {
				published.addAll(TestClaims.resources(claims.claim(allowed, 500, ackTimeout)));
				return published.containsAll(resources);
			});
		}
	}

	@Test
	void documentedCommandsAreEnough() throws Exception {
		server.execute("SCRIPT", List.of("FLUSH"));
		try (LockyFixture fixture = new LockyFixture(user, server.admin())) {
			OperationsOfAllKinds operations = new OperationsOfAllKinds(fixture);
			assertThat(operations.failures()).isEmpty();
			assertThat(operations.hintArrives(Duration.ofSeconds(10))).isTrue();
		}
	}

}
