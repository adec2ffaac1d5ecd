package io.locky.people;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.PeopleSettings;
import io.locky.core.LockyTemplate;
import io.locky.core.LockyTemplates;
import io.locky.event.LockExpiredEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.RedisProxy.Fault;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The history when answers of Redis get lost, and when Redis is full.
 */
@Timeout(120)
class LostHistoryAnswerTests {

	private EmbeddedRedis redis;

	private RedisProxy proxy;

	private LettuceConnectionFactory wire;

	private LettuceConnectionFactory direct;

	private LockyFixture fixture;

	@BeforeEach
	void start() throws Exception {
		this.redis = EmbeddedRedis.start();
		this.proxy = new RedisProxy(this.redis.port());
		this.wire = TestRedis.connect("127.0.0.1", this.proxy.port(), Duration.ofMillis(600));
		this.direct = TestRedis.connect("127.0.0.1", this.redis.port(), Duration.ofSeconds(5));
		this.fixture = new LockyFixture(this.wire, this.direct);
	}

	@AfterEach
	void stop() throws Exception {
		this.fixture.close();
		this.wire.destroy();
		this.direct.destroy();
		this.proxy.close();
		this.redis.close();
	}

	private LockySettings settings(boolean worker) {
		return this.fixture.settings()
			.ttl(Duration.ofMinutes(5))
			.expiration(worker)
			.people(PeopleSettings.NONE.with(PeopleSettings.History.DEFAULT))
			.build();
	}

	/** Redis knows the scripts then. */
	private static void warmUp(LockyTemplate locks) {
		locks.lock("warm", "up");
		locks.lock(LockRequest.of("warm").by("up").force());
		locks.unlock("warm");
	}

	@ParameterizedTest
	@EnumSource(value = Fault.class, names = { "CUT", "DELAY" })
	void releaseWithALostAnswerIsWrittenOnce(Fault fault) {
		LockyTemplate locks = this.fixture.create(settings(false));
		warmUp(locks);
		locks.lock("x", "ann");
		this.proxy.next(fault);
		assertThat(locks.unlock("x", "ann")).isTrue();
		assertThat(locks.history().history("x", null, 9).holds()).singleElement()
			.returns(HoldOutcome.RELEASED, Hold::outcome);
	}

	@ParameterizedTest
	@EnumSource(value = Fault.class, names = { "CUT", "DELAY" })
	void takeoverWithALostAnswerIsWrittenOnce(Fault fault) {
		LockyTemplate locks = this.fixture.create(settings(false));
		warmUp(locks);
		locks.lock("x", "ann");
		this.proxy.next(fault);
		assertThat(locks.lock(LockRequest.of("x").by("bob").force().note("Why"))).isTrue();
		assertThat(locks.history().history("x", null, 9).holds()).singleElement()
			.returns("ann", Hold::locker)
			.returns("bob", Hold::by)
			.returns("Why", Hold::note);
	}

	/**
	 * Of the requests of an instance that only has a worker, acknowledgements have the
	 * key.
	 */
	@Test
	void acknowledgementWithALostAnswerIsWrittenOnce() {
		this.fixture.start(settings(true));
		LockySettings settings = settings(false);
		try (LockyTemplate others = LockyTemplates
			.over(new LockyRuntime(this.direct, LockyRuntime.keys(this.direct, settings), settings, (event) -> {
			}))) {
			for (int i = 1; i <= 5; i++) {
				AtomicBoolean cut = new AtomicBoolean();
				this.proxy.cutAnswer("history:x", () -> cut.set(true));
				others.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(5)));
				await().atMost(Duration.ofSeconds(20))
					.until(() -> cut.get() && !this.fixture.redis().hasKey(this.fixture.prefix() + "unacked"));
				int count = i;
				// The answer that is lost may be that of an acknowledgement which is
				// repeated.
				await().untilAsserted(() -> assertThat(others.history().history("x", null, 9).holds()).hasSize(count));
			}
		}
	}

	@Test
	void fullRedisReleasesAndExpiresWithItsHistory() {
		try (LockyFixture full = new LockyFixture(this.direct)) {
			LockyTemplate locks = full.start(full.settings()
				.expiration(true)
				.people(PeopleSettings.NONE.with(PeopleSettings.History.DEFAULT))
				.build());
			locks.lock("x", "ann");
			locks.lock(LockRequest.of("y").by("bob").ttl(Duration.ofSeconds(2)));
			setMaxMemory("1");
			assertThat(locks.unlock("x", "ann")).isTrue();
			await().atMost(Duration.ofSeconds(20))
				.until(() -> !full.events(LockExpiredEvent.class).isEmpty()
						&& !full.redis().hasKey(full.prefix() + "unacked"));
			setMaxMemory("0");
			assertThat(locks.history().history("x", null, 9).holds()).hasSize(1);
			assertThat(locks.history().history("y", null, 9).holds()).hasSize(1);
		}
	}

	private void setMaxMemory(String bytes) {
		try (RedisConnection connection = this.direct.getConnection()) {
			connection.serverCommands().setConfig("maxmemory", bytes);
		}
	}

}
