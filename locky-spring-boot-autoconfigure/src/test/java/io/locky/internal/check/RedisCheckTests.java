package io.locky.internal.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.locky.internal.redis.LockyKeys;
import io.locky.testing.DocumentedUser;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyInstance;
import io.locky.testing.RestrictedRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The warnings that applications log about their Redis.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisCheckTests {

	private static final LockyKeys KEYS = LockyKeys.of("test-check:").withoutLockerIndex();

	private static final LockyKeys WITH_LOG = KEYS.withEventLog("me", 1000);

	private static final String EVICTING = "Redis may evict locks: its maxmemory-policy is 'allkeys-lru', so it may "
			+ "delete any key when memory is short. An evicted lock is free although its holder relies on it. "
			+ "Set maxmemory-policy to 'noeviction' on the Redis that keeps the locks.";

	private static RestrictedRedis redis;

	@BeforeAll
	static void startRedis() {
		redis = RestrictedRedis.start("maxmemory 200mb", "maxmemory-policy allkeys-lru");
	}

	@AfterAll
	static void stopRedis() {
		redis.close();
	}

	static List<String> commands() {
		return allRules().stream()
			.filter((rule) -> rule.startsWith("+") && !rule.equals("+subscribe") && !rule.equals("+info"))
			.toList();
	}

	@Test
	void documentedUserCausesNoWarning() {
		assertThat(warnings(DocumentedUser.rules(), KEYS)).isEmpty();
		assertThat(warnings(DocumentedUser.rulesWith("xadd"), WITH_LOG)).isEmpty();
		assertThat(warnings(DocumentedUser.rulesWith("sadd"), KEYS.withNpmInterop())).isEmpty();
	}

	@Test
	void settingsAreCheckedIfTheUserMayReadThem() {
		assertThat(warnings(DocumentedUser.rulesWith("info"), KEYS)).containsExactly(EVICTING);
	}

	@ParameterizedTest
	@MethodSource("commands")
	void missingCommandIsNamed(String rule) {
		redis.execute("SCRIPT", List.of("FLUSH"));
		List<String> rules = allRules().stream()
			.filter((other) -> !other.equals(rule) && !other.equals("+info"))
			.toList();
		assertThat(warnings(rules, WITH_LOG.withNpmInterop())).singleElement()
			.asString()
			.startsWith("The Redis user ")
			.endsWith(" Missing: ACL SETUSER <user> " + rule);
	}

	@Test
	void missingPermissionsAreGroupedByConsequence() {
		List<String> rules = new ArrayList<>(DocumentedUser.rules());
		rules.addAll(List.of("-hget", "-zrem", "-publish"));
		assertThat(warnings(rules, WITH_LOG)).containsExactly(
				"The Redis user lacks permissions, so operations on locks fail. "
						+ "Missing: ACL SETUSER <user> +hget +zrem",
				"The Redis user may not publish hints, so instances notice expiries and released locks up to a second "
						+ "late. Missing: ACL SETUSER <user> +publish",
				"The Redis user may not use the event log, so other instances miss the events of this one, "
						+ "or this one misses theirs. Missing: ACL SETUSER <user> +xadd +xtrim +xrange +xrevrange");
	}

	@Test
	void missingWaitIsNamedOnlyIfReplicasAreUsed() {
		assertThat(waitWarnings(DocumentedUser.rules(), false)).isEmpty();
		assertThat(waitWarnings(DocumentedUser.rules(), true))
			.containsExactly("The Redis user lacks permissions, so operations on locks fail. "
					+ "Missing: ACL SETUSER <user> +wait");
		assertThat(waitWarnings(DocumentedUser.rulesWith("wait"), true)).isEmpty();
	}

	private static List<String> waitWarnings(List<String> rules, boolean replicated) {
		try (RedisConnection connection = redis.connectAs(rules).getConnection()) {
			return new ServerCheck(KEYS, replicated).warnings(connection);
		}
	}

	@Test
	void missingKeysAndChannelsAreNamed() {
		List<String> keys = DocumentedUser.rules().stream().filter((rule) -> !rule.startsWith("~")).toList();
		assertThat(warnings(keys, KEYS)).singleElement().asString().endsWith("<user> ~test-check:*");
		List<String> channels = DocumentedUser.rules().stream().filter((rule) -> !rule.startsWith("&")).toList();
		assertThat(warnings(channels, KEYS)).singleElement().asString().endsWith("<user> &test-check:signals");
	}

	@Test
	void checkChangesNothing() {
		LockyKeys keys = LockyKeys.of("test-left:").withNpmInterop().withEventLog("me", 1000);
		List<String> all = List.of("on", ">secret", "+@all", "-info", "~*", "&*");
		List<String> cannotUndo = Stream.concat(all.stream(), Stream.of("-srem")).toList();
		List<List<String>> users = List.of(all, cannotUndo, Stream.concat(all.stream(), Stream.of("-hdel")).toList());
		users.forEach((rules) -> assertThat(warnings(rules, keys)).isNotEmpty());
		assertThat(dump()).isEmpty();
		fill(keys);
		Map<String, String> before = dump();
		users.forEach((rules) -> assertThat(warnings(rules, keys)).isNotEmpty());
		assertThat(dump()).isEqualTo(before).hasSize(7);
	}

	@Test
	void missingPermissionForTheIndexByLockerIsNamed() {
		LockyKeys keys = LockyKeys.of("test-check:");
		assertThat(warnings(DocumentedUser.rules(), keys)).containsExactly(
				"The Redis user may not keep the index by locker, so unlockAll and the list of the locks of one locker "
						+ "read all locks. locky.locker-index=false turns it off. Missing: ACL SETUSER <user> +info");
		assertThat(warnings(DocumentedUser.rulesWith("info"), keys)).containsExactly(EVICTING);
	}

	@Test
	void runningApplicationWarnsOnce(CapturedOutput output) {
		try (LockyInstance instance = start(DocumentedUser.rulesWith("info"), "locky.prefix=test-once:")) {
			await().atMost(Duration.ofSeconds(30)).until(() -> output.getAll().contains(EVICTING));
			assertThat(instance.locks().lock("x", "ann")).isTrue();
			await().during(Duration.ofMillis(600)).until(() -> true);
		}
		assertThat(output.getAll().split("maxmemory-policy is", -1)).hasSize(2);
	}

	@Test
	void checkCanBeSwitchedOff(CapturedOutput output) {
		try (LockyInstance instance = start(DocumentedUser.rulesWith("info"), "locky.prefix=test-off:",
				"locky.startup-check.enabled=false")) {
			assertThat(instance.locks().lock("x", "ann")).isTrue();
			await().during(Duration.ofMillis(600)).until(() -> true);
		}
		assertThat(output).doesNotContain("evict");
	}

	@Test
	void applicationWithoutRedisWarnsOnceItAnswers(CapturedOutput output) {
		EmbeddedRedis late = EmbeddedRedis.startOn(EmbeddedRedis.freePort(), "maxmemory 200mb",
				"maxmemory-policy allkeys-lru");
		late.stop();
		try (late;
				LockyInstance instance = LockyInstance
					.start("spring.data.redis.url=redis://127.0.0.1:" + late.port())) {
			await().until(() -> output.getAll().contains("Expired locks are not published for now"));
			assertThat(output).doesNotContain("\tat ").doesNotContain("evict").doesNotContain("locky-check");
			late.restart();
			await().atMost(Duration.ofSeconds(30)).until(() -> output.getAll().contains(EVICTING));
			assertThat(instance.locks().getLocker("x")).isNull();
		}
		assertThat(output).doesNotContain("\tat ");
	}

	@Test
	void waitingCheckEndsWithTheApplication(CapturedOutput output) {
		int port = EmbeddedRedis.freePort();
		try (LockyInstance instance = LockyInstance.start("spring.data.redis.url=redis://127.0.0.1:" + port)) {
			assertThat(instance.locks().isRunning()).isTrue();
			assertThat(checkThreads()).isNotZero();
		}
		await().until(() -> checkThreads() == 0);
		assertThat(output).doesNotContain("\tat ");
	}

	private static long checkThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("locky-check"))
			.count();
	}

	private static LockyInstance start(List<String> rules, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("spring.data.redis.url=" + redis.user(rules));
		return LockyInstance.start(all.toArray(String[]::new));
	}

	private static List<String> warnings(List<String> rules, LockyKeys keys) {
		try (RedisConnection connection = redis.connectAs(rules).getConnection()) {
			return new ServerCheck(keys, false).warnings(connection);
		}
	}

	private static List<String> allRules() {
		List<String> rules = new ArrayList<>(DocumentedUser.rulesWith("xadd"));
		DocumentedUser.rulesWith("sadd").stream().filter((rule) -> !rules.contains(rule)).forEach(rules::add);
		return rules;
	}

	private static void fill(LockyKeys keys) {
		StringRedisTemplate all = new StringRedisTemplate(redis.admin());
		String prefix = keys.pattern().replace("*", "");
		all.opsForHash().put(prefix + "records", "x", "[]");
		all.opsForHash().put(prefix + "lockers", "x", "y");
		all.opsForZSet().add(prefix + "deadlines", "x", 1);
		all.opsForZSet().add(prefix + "unacked", "x", 1);
		all.opsForSet().add(prefix + "current:locks", "x");
		all.opsForValue().set(prefix + "fence", "12");
		all.opsForStream().add(prefix + "events", Map.of("event", "x"));
	}

	private static Map<String, String> dump() {
		Map<String, String> dumps = new TreeMap<>();
		StringRedisTemplate all = new StringRedisTemplate(redis.admin());
		for (String key : all.keys("test-left:*")) {
			dumps.put(key, Arrays.toString(all.dump(key)));
		}
		return dumps;
	}

}
