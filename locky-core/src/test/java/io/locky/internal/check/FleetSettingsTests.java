package io.locky.internal.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import ch.qos.logback.classic.Level;
import io.locky.PeopleSettings;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.CapturedLog;
import io.locky.testing.DocumentedUser;
import io.locky.testing.LockyFixture;
import io.locky.testing.RestrictedRedis;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances that share locks and have other settings.
 */
class FleetSettingsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final CapturedLog log = new CapturedLog();

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyKeys keys = LockyKeys.of(this.fixture.prefix());

	private final List<RedisCheck> checks = new ArrayList<>();

	@AfterEach
	void stopAll() {
		this.checks.forEach(RedisCheck::stop);
		this.fixture.close();
		this.log.close();
	}

	@Test
	void broadcastOnHereAndOffThereNamesBothSides() {
		assertThat(refresh("ann", this.keys)).isEmpty();
		assertThat(refresh("bob", this.keys.withEventLog("bob", 1000))).singleElement()
			.asString()
			.startsWith("locky.events.broadcast is true on this instance (bob")
			.contains("but false on (ann", "Instances with false neither receive the events of the others")
			.endsWith("on all instances with the prefix '" + this.fixture.prefix() + "'.");
		assertThat(refresh("ann", this.keys)).singleElement()
			.asString()
			.startsWith("locky.events.broadcast is false on this instance (ann")
			.contains("but true on (bob");
	}

	@Test
	void otherSettingsAreComparedToo() {
		assertThat(refresh("ann", this.keys)).isEmpty();
		assertThat(refresh("bob", this.keys.withNpmInterop())).singleElement()
			.asString()
			.startsWith("locky.npm-interop is true on this instance (bob")
			.contains("but false on (ann");
		assertThat(refresh("eve", LockyKeys.ofCluster(this.fixture.prefix()))).hasSize(2)
			.anySatisfy(
					(warning) -> assertThat(warning).startsWith("The number of partitions is 64 on this instance (eve")
						.contains("but 1 on (", "(ann on", "(bob on", "one lock may have several holders"));
	}

	@Test
	void sameSettingsCauseNoWarning() {
		LockyKeys same = this.keys.withEventLog("any", 1000).withNpmInterop();
		for (String instance : List.of("ann", "bob", "eve", "ann")) {
			assertThat(refresh(instance, same)).isEmpty();
		}
	}

	@Test
	void differenceIsReportedOnceWhileItLasts() {
		FleetSettings ann = fleet("ann", this.keys, HOUR);
		assertThat(ann.refresh()).isEmpty();
		FleetSettings bob = fleet("bob", this.keys.withEventLog("bob", 1000), HOUR);
		assertThat(bob.refresh()).hasSize(1);
		assertThat(ann.refresh()).hasSize(1);
		assertThat(ann.refresh()).isEmpty();
		assertThat(refresh("bob", this.keys)).isEmpty();
		assertThat(ann.refresh()).isEmpty();
		assertThat(bob.refresh()).isEmpty();
		assertThat(ann.refresh()).hasSize(1);
	}

	@Test
	void manyOtherInstancesAreCounted() {
		for (int i = 0; i < 8; i++) {
			refresh("instance-" + i, this.keys);
		}
		assertThat(refresh("bob", this.keys.withEventLog("bob", 1000))).singleElement()
			.asString()
			.contains(" and 3 more. ");
	}

	@Test
	void instanceThatIsGoneIsForgotten() {
		FleetSettings killed = fleet("killed", this.keys, Duration.ofMillis(10));
		killed.refresh();
		LockyKeys other = this.keys.withEventLog("bob", 1000);
		await().until(() -> fleet("bob", other, Duration.ofMillis(10)).refresh().isEmpty()
				&& settings().keySet().equals(Set.of("bob")));
		await().until(() -> settings().isEmpty());
	}

	@Test
	void spoiledAndLaterSettingsAreLeftWithOneWarning() {
		this.fixture.redis().opsForHash().putAll(this.keys.settings(), Map.of("later", "2[1]", "spoiled", "[\"x"));
		FleetSettings ann = fleet("ann", this.keys, HOUR);
		assertThat(ann.refresh()).singleElement()
			.asString()
			.startsWith("The settings of (")
			.contains("(later)", "(spoiled)", "cannot be read by this instance (ann");
		assertThat(ann.refresh()).isEmpty();
		assertThat(settings()).containsOnlyKeys("ann", "later", "spoiled").containsEntry("later", "2[1]");
	}

	/** An earlier version is no mistake of the configuration. */
	@Test
	void lockerIndexIsComparedWithThoseThatHaveTheSetting() {
		this.fixture.redis()
			.opsForHash()
			.put(this.keys.settings(), "earlier",
					"[\"" + System.currentTimeMillis() + "\",\"host\",\"0.1\",\"1\",\"1\",\"false\",\"false\"]");
		assertThat(refresh("ann", this.keys)).isEmpty();
		assertThat(refresh("bob", this.keys.withoutLockerIndex())).singleElement()
			.asString()
			.startsWith("locky.locker-index is false on this instance (bob")
			.contains("but true on (ann");
	}

	@Test
	void linesAndHistoriesAreCompared() {
		assertThat(refresh("ann", this.keys)).isEmpty();
		LockyKeys other = this.keys
			.withPeople(new PeopleSettings(PeopleSettings.Line.DEFAULT, PeopleSettings.History.DEFAULT));
		assertThat(refresh("bob", other)).hasSize(2)
			.anySatisfy((warning) -> assertThat(warning).startsWith("locky.line.enabled is true on this instance (bob")
				.contains("but false on (ann", "offered to the first in its line"))
			.anySatisfy(
					(warning) -> assertThat(warning).startsWith("locky.history.enabled is true on this instance (bob")
						.contains("missing in the history"));
	}

	@Test
	void laterElementsAreIgnoredAndFarFormatsAreReported() {
		String seen = "[\"" + System.currentTimeMillis()
				+ "\",\"host\",\"9.0\",\"FORMAT\",\"1\",\"false\",\"false\",\"true\",\"x\"]";
		this.fixture.redis().opsForHash().put(this.keys.settings(), "next", seen.replace("FORMAT", "2"));
		assertThat(refresh("ann", this.keys)).isEmpty();
		this.fixture.redis().opsForHash().put(this.keys.settings(), "far", seen.replace("FORMAT", "3"));
		assertThat(refresh("ann", this.keys)).singleElement()
			.asString()
			.startsWith("The newest format that can be read is 1 on this instance (ann")
			.contains("but 3 on (far on host)", "Update in smaller steps");
	}

	@Test
	void runningInstancesCompareAndForgetTheirSettings() {
		start("ann", this.keys, Duration.ofMillis(100));
		await().until(() -> settings().containsKey("ann"));
		RedisCheck bob = start("bob", this.keys.withEventLog("bob", 1000), Duration.ofMillis(100));
		await().until(() -> warnings().size() == 2);
		assertThat(warnings()).anySatisfy((text) -> assertThat(text).contains("true on this instance (bob"))
			.anySatisfy((text) -> assertThat(text).contains("false on this instance (ann"));
		bob.stop();
		assertThat(settings()).containsOnlyKeys("ann");
		this.checks.forEach(RedisCheck::stop);
		assertThat(settings()).isEmpty();
		assertThat(warnings()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-hset", "-hscan", "-eval", "-evalsha", "resetkeys" })
	void userWithoutPermissionRecordsNothingAndIsQuiet(String rule) {
		try (RestrictedRedis redis = RestrictedRedis.start()) {
			List<String> rules = new ArrayList<>(DocumentedUser.rules());
			rules.addAll(List.of("+script", rule));
			FleetSettings fleet = new FleetSettings(new ScriptRunner(redis.connectAs(rules)), this.keys, "ann", HOUR);
			assertThat(fleet.refresh()).isEmpty();
			assertThat(fleet.isRecorded()).isFalse();
			redis.execute("ACL", List.of("LOG", "RESET"));
			assertThat(fleet.refresh()).isEmpty();
			assertThat(new StringRedisTemplate(redis.admin()).keys("*")).isEmpty();
		}
		assertThat(warnings()).isEmpty();
	}

	@Test
	void documentedUserMayRecord() {
		try (RestrictedRedis redis = RestrictedRedis.start()) {
			RedisConnectionFactory user = redis.connectAs(DocumentedUser.rules());
			FleetSettings fleet = new FleetSettings(new ScriptRunner(user), this.keys, "ann", HOUR);
			assertThat(fleet.refresh()).isEmpty();
			assertThat(fleet.isRecorded()).isTrue();
			fleet.forget(user.getConnection());
			assertThat(new StringRedisTemplate(redis.admin()).keys("*")).isEmpty();
		}
	}

	private List<String> refresh(String instance, LockyKeys names) {
		return fleet(instance, names, HOUR).refresh();
	}

	private FleetSettings fleet(String instance, LockyKeys names, Duration period) {
		return new FleetSettings(this.fixture.scripts(), names, instance, period);
	}

	private RedisCheck start(String instance, LockyKeys names, Duration period) {
		RedisCheck check = new RedisCheck(TestRedis.connectionFactory(), names, false, instance, null, period);
		this.checks.add(check);
		check.start();
		return check;
	}

	private Map<Object, Object> settings() {
		return this.fixture.redis().opsForHash().entries(this.keys.settings());
	}

	private List<String> warnings() {
		return this.log.messages(Level.WARN);
	}

}
