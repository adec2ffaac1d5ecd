package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.locky.testing.DocumentedUser;
import io.locky.testing.LockyFixture;
import io.locky.testing.LockyInstance;
import io.locky.testing.RestrictedRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that connect as the user of the documentation.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeastPrivilegeInstanceTests {

	private static RestrictedRedis redis;

	@BeforeAll
	static void startRedis() {
		redis = RestrictedRedis.start();
	}

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	@Test
	void documentedUserPublishesExpiriesWithoutAWarning(CapturedOutput output) {
		try (LockyFixture fixture = new LockyFixture(redis.admin());
				LockyInstance instance = LockyInstance.start(
						"spring.data.redis.url=" + redis.user(DocumentedUser.rulesWith("info")),
						"locky.prefix=" + fixture.prefix(), "locky.ttl=300ms")) {
			instance.locks().lock("x", "ann");
			await().until(() -> instance.expired().size() == 1);
			await().until(() -> fixture.redis().convertAndSend(fixture.keys().signals(), "deadline") == 1);
			await().until(
					() -> fixture.allKeys().equals(Set.of(fixture.prefix() + "fence", fixture.prefix() + "settings")));
		}
		assertThat(output).doesNotContain("WARN").doesNotContain("ERROR");
	}

	@Test
	void npmInteropWorksWithTheDocumentedExtraLine(CapturedOutput output) {
		try (LockyFixture fixture = new LockyFixture(redis.admin());
				LockyInstance instance = LockyInstance.start(
						"spring.data.redis.url=" + redis.user(DocumentedUser.rulesWith("sscan", "info")),
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
	void broadcastWorksWithTheDocumentedExtraLine(CapturedOutput output) {
		String url = "spring.data.redis.url=" + redis.user(DocumentedUser.rulesWith("xadd", "info"));
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
	void missingSubscribePermissionIsLoggedInOneSentence(CapturedOutput output) {
		List<String> rules = DocumentedUser.rules().stream().filter((rule) -> !rule.equals("+subscribe")).toList();
		try (LockyInstance instance = LockyInstance.start("spring.data.redis.url=" + redis.user(rules),
				"locky.prefix=test-deaf:", "locky.ttl=300ms")) {
			instance.locks().lock("x", "ann");
			await().until(() -> instance.expired().size() == 1);
			await().until(() -> output.getAll()
				.contains(
						"No hints from Redis on channel 'test-deaf:signals', so instances notice expiries and released "
								+ "locks up to a second late: NOPERM this user has no permissions to run the 'subscribe' "
								+ "command. If Redis has ACLs, its user needs +subscribe &test-deaf:signals."));
		}
		assertThat(output).doesNotContain("\tat ");
	}

	@Test
	void otherDatabaseWorksWithTheDocumentedExtraLine() {
		String url = redis.user(DocumentedUser.rulesWith("select")) + "/3";
		try (LockyInstance instance = LockyInstance.start("spring.data.redis.url=" + url, "locky.prefix=test-3:",
				"locky.ttl=1s")) {
			assertThat(instance.locks().lock("x", "ann")).isTrue();
		}
	}

}
