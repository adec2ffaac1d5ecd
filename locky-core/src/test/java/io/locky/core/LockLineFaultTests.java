package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.locky.LockySettings;
import io.locky.PeopleSettings;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import io.locky.people.LinePlace;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Lines of people where the wire loses answers, and where Redis has no memory left.
 */
@Timeout(120)
class LockLineFaultTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private EmbeddedRedis redis;

	private RedisProxy proxy;

	private LettuceConnectionFactory wire;

	private LettuceConnectionFactory direct;

	private LockyFixture fixture;

	private LockyTemplate locks;

	@BeforeEach
	void start() throws Exception {
		this.redis = EmbeddedRedis.start();
		this.proxy = new RedisProxy(this.redis.port());
		this.wire = TestRedis.connect("127.0.0.1", this.proxy.port(), Duration.ofSeconds(30));
		this.direct = TestRedis.connect("127.0.0.1", this.redis.port(), Duration.ofSeconds(5));
		this.fixture = new LockyFixture(this.wire, this.direct);
		LockySettings settings = this.fixture.settings()
			.ttl(LONG)
			.people(PeopleSettings.NONE.with(new PeopleSettings.Line(LONG, LONG)))
			.build();
		this.locks = this.fixture.start(settings);
		// Loads the scripts: the first request for each of them does nothing.
		this.locks.lock("warm", "up");
		this.locks.unlock("warm");
		this.locks.lock("warm", "up");
		this.locks.line().join("warm", "up");
		this.locks.unlock("warm");
		this.locks.lock("warm", "up");
		this.locks.unlock("warm");
		this.fixture.events().clear();
	}

	@AfterEach
	void stop() throws Exception {
		this.fixture.close();
		this.wire.destroy();
		this.direct.destroy();
		this.proxy.close();
		this.redis.close();
	}

	static Stream<Consumer<LockyTemplate>> releases() {
		return Stream.of((locks) -> locks.unlock("x"), (locks) -> locks.unlock("x", "holder"),
				(locks) -> locks.unlock("x", "holder", locks.find("x").orElseThrow().fence()));
	}

	@ParameterizedTest
	@MethodSource("releases")
	void releaseWithALostAnswerOffersOnce(Consumer<LockyTemplate> release) {
		for (int i = 0; i < 5; i++) {
			this.locks.lock("x", "holder");
			this.locks.line().join("x", "ann");
			this.locks.line().join("x", "ben");
			this.fixture.events().clear();
			// A key that release.lua has, and not unlock.lua, which changes nothing here.
			this.proxy.cutAnswer(":current:locks", () -> {
			});
			release.accept(this.locks);
			assertThat(this.fixture.events(LockReleasedEvent.class)).hasSize(1);
			assertThat(this.fixture.events(LockOfferedEvent.class)).singleElement()
				.returns("ann", LockyEvent::getLocker);
			List<LinePlace> places = this.locks.line().places("x");
			assertThat(places).extracting(LinePlace::locker).containsExactly("ann", "ben");
			assertThat(places.get(0).offeredFor()).isNotNull();
			assertThat(places.get(1).offeredFor()).isNull();
			assertThat(this.locks.lock("x", "ann")).isTrue();
			this.locks.line().leave("x", "ben");
			this.locks.unlock("x", "ann");
		}
	}

	@Test
	void joinWithALostAnswerHasOnePlace() {
		this.locks.lock("x", "holder");
		this.locks.line().join("x", "ann");
		for (int i = 0; i < 5; i++) {
			String locker = "p" + i;
			this.proxy.cutAnswer(":line:x", () -> {
			});
			assertThat(this.locks.line().join("x", locker).position()).isEqualTo(i + 2);
			this.proxy.cutAnswer(":line:x", () -> {
			});
			assertThat(this.locks.line().refresh("x", locker)).get().returns(i + 2, LinePlace::position);
		}
		assertThat(this.locks.line().places("x")).hasSize(6);
	}

	@Test
	void acquireWithALostAnswerTakesTheOfferOnce() {
		this.locks.line().join("x", "ann");
		this.locks.line().join("x", "ben");
		this.proxy.cutAnswer(":line:x", () -> {
		});
		assertThat(this.locks.lock("x", "ann")).isTrue();
		assertThat(this.locks.line().places("x")).extracting(LinePlace::locker).containsExactly("ben");
	}

	@Test
	void fullRedisRefusesOnlyNewPlaces() {
		this.locks.lock("x", "holder");
		this.locks.line().join("x", "ann");
		this.locks.line().join("x", "ben");
		this.fixture.events().clear();
		setMaxMemory("1");
		assertThat(this.locks.unlock("x", "holder")).isTrue();
		assertThat(this.fixture.events(LockOfferedEvent.class)).hasSize(1);
		assertThat(this.locks.line().refresh("x", "ann").orElseThrow().offeredFor()).isNotNull();
		assertThat(this.locks.line().join("x", "ben").position()).isEqualTo(2);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.locks.line().join("x", "carl"));
		assertThat(this.locks.line().leave("x", "ann")).isTrue();
		assertThat(this.fixture.events(LockOfferedEvent.class)).extracting(LockyEvent::getLocker)
			.containsExactly("ann", "ben");
		setMaxMemory("0");
		assertThat(this.locks.lock("x", "ben")).isTrue();
	}

	private void setMaxMemory(String bytes) {
		try (RedisConnection connection = this.direct.getConnection()) {
			connection.serverCommands().setConfig("maxmemory", bytes);
		}
	}

}
