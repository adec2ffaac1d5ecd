package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockExpiredEvent;
import io.locky.testing.CapturedLog;
import io.locky.testing.DocumentedUser;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.RestrictedRedis;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Redis answers, but the subscription to hints cannot be had.
 */
@Timeout(90)
class LostHintsTests {

	private static final Duration SOON = Duration.ofSeconds(8);

	private static final Duration ENDLESS = Duration.ofMinutes(2);

	private final CapturedLog log = new CapturedLog();

	@AfterEach
	void releaseLog() {
		this.log.close();
	}

	@Test
	void everythingWorksWithoutAConnectionForHints() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.startOn(EmbeddedRedis.freePort(), "maxclients 3");
				Connections admin = connect(redis.port(), SOON);
				Connections own = connect(redis.port(), SOON)) {
			LockyFixture fixture = new LockyFixture(own.factory(), admin.factory());
			LockyTemplate locks = start(fixture);
			assertExpiryIsPublished(fixture, locks);
			assertWaitEndsInTime(locks);
			await().atMost(SOON).untilAsserted(() -> assertThat(warnings()).hasSize(1));
			await().during(Duration.ofSeconds(1)).until(() -> warnings().size() == 1);
			assertThat(warnings()).singleElement()
				.asString()
				.contains("max number of clients reached")
				.doesNotContain("+subscribe");
			admin.run("CONFIG", "SET", "maxclients", "100");
			await().atMost(Duration.ofSeconds(20)).until(() -> subscribers(fixture) == 1);
			await().until(() -> this.log.messages(Level.INFO)
				.contains("Hints from Redis arrive on channel '%s'.".formatted(fixture.keys().signals())));
			assertCloses(fixture);
			assertLogIsQuiet();
			fixture.clear();
		}
	}

	@Test
	void templateClosesSoonWithoutAConnectionForHints() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.startOn(EmbeddedRedis.freePort(), "maxclients 3");
				Connections admin = connect(redis.port(), SOON);
				Connections own = connect(redis.port(), SOON)) {
			LockyFixture fixture = new LockyFixture(own.factory(), admin.factory());
			LockyTemplate locks = start(fixture);
			await().atMost(SOON).until(() -> rejected(admin) > 0);
			assertThat(locks.lock("x", "ann")).isTrue();
			assertCloses(fixture);
			assertLogIsQuiet();
			fixture.clear();
		}
	}

	@Test
	void redisThatDiesAfterTheStartHoldsUpNothing() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start();
				RedisProxy proxy = new RedisProxy(redis.port());
				Connections admin = connect(redis.port(), SOON);
				Connections own = connect(proxy.port(), Duration.ofMillis(500))) {
			LockyFixture fixture = new LockyFixture(own.factory(), admin.factory());
			LockyTemplate locks = start(fixture, proxy::mute);
			await().atMost(SOON).until(() -> proxy.unanswered() > 0);
			redis.stop();
			long before = System.nanoTime();
			assertThatException().isThrownBy(() -> wait(locks));
			assertThat(since(before)).isLessThan(SOON);
			redis.restart();
			proxy.unmute();
			await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> subscribers(fixture) == 1);
			await().atMost(SOON).ignoreExceptions().until(() -> locks.lock("y", "ann"));
			assertExpiryIsPublished(fixture, locks);
			assertCloses(fixture);
			assertLogIsQuiet();
		}
	}

	@Test
	void templateOfADeadRedisClosesSoon() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start();
				RedisProxy proxy = new RedisProxy(redis.port());
				Connections own = connect(proxy.port(), Duration.ofMillis(500))) {
			LockyFixture fixture = new LockyFixture(own.factory());
			assertThat(start(fixture, proxy::mute).isRunning()).isTrue();
			await().atMost(SOON).until(() -> proxy.unanswered() > 0);
			redis.stop();
			assertCloses(fixture);
			assertLogIsQuiet();
		}
	}

	@Test
	void templateClosesWhileAnAttemptToSubscribeHangs() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start();
				RedisProxy proxy = new RedisProxy(redis.port());
				Connections own = connect(proxy.port(), ENDLESS)) {
			LockyFixture fixture = new LockyFixture(own.factory());
			LockyTemplate locks = start(fixture, proxy::mute);
			await().atMost(SOON).until(() -> proxy.unanswered() > 0);
			assertExpiryIsPublished(fixture, locks);
			assertWaitEndsInTime(locks);
			assertCloses(fixture);
			assertLogIsQuiet();
		}
	}

	@Test
	void missingPermissionIsLoggedOnce() throws Exception {
		List<String> rules = DocumentedUser.rules().stream().filter((rule) -> !rule.equals("+subscribe")).toList();
		try (RestrictedRedis redis = RestrictedRedis.start()) {
			LockyFixture fixture = new LockyFixture(redis.connectAs(rules), redis.admin());
			redis.execute("ACL", List.of("SETUSER", "user-1", "~*", "&*"));
			LockyTemplate locks = start(fixture);
			assertExpiryIsPublished(fixture, locks);
			await().atMost(SOON).until(() -> warnings().size() == 1);
			await().during(Duration.ofSeconds(1)).until(() -> warnings().size() == 1);
			assertThat(warnings().get(0)).contains("NOPERM")
				.contains("its user needs +subscribe &" + fixture.keys().signals());
			redis.execute("ACL", List.of("SETUSER", "user-1", "+subscribe"));
			await().atMost(Duration.ofSeconds(20)).until(() -> subscribers(fixture) == 1);
			assertCloses(fixture);
			assertLogIsQuiet();
			fixture.clear();
		}
	}

	private static LockyTemplate start(LockyFixture fixture) {
		return start(fixture, () -> {
		});
	}

	/** The connection for locks is there before the fault. */
	private static LockyTemplate start(LockyFixture fixture, Runnable fault) {
		LockySettings settings = fixture.settings().expiration(true).ttl(Duration.ofMinutes(5)).build();
		LockyTemplate locks = fixture.create(settings);
		locks.lock("first", "ann");
		fault.run();
		locks.start();
		return locks;
	}

	private static void assertExpiryIsPublished(LockyFixture fixture, LockyTemplate locks) {
		assertThat(locks.lock(LockRequest.of("short").by("ann").ttl(Duration.ofMillis(300)))).isTrue();
		await().atMost(SOON).until(() -> !fixture.events(LockExpiredEvent.class).isEmpty());
	}

	private static void assertWaitEndsInTime(LockyTemplate locks) throws Exception {
		locks.lock("held", "ann");
		long before = System.nanoTime();
		CompletableFuture<LockAttempt> attempt = TestThreads.supply(() -> wait(locks));
		assertThat(attempt.get(SOON.toMillis(), TimeUnit.MILLISECONDS)).isInstanceOf(LockAttempt.Denied.class);
		assertThat(since(before)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
	}

	private static LockAttempt wait(LockyTemplate locks) {
		return locks.tryLock(LockRequest.of("held").by("bob").waitUpTo(Duration.ofSeconds(2)));
	}

	private static void assertCloses(LockyFixture fixture) throws Exception {
		TestThreads.run(fixture::closeTemplates).get(SOON.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void assertLogIsQuiet() {
		assertThat(this.log.stackTraces()).isEmpty();
		assertThat(this.log.messages(Level.ERROR)).isEmpty();
		assertThat(warnings()).hasSizeLessThan(2);
	}

	private List<String> warnings() {
		return this.log.messages(Level.WARN).stream().filter((message) -> message.contains("No hints")).toList();
	}

	private static int rejected(Connections admin) {
		try (RedisConnection connection = admin.factory().getConnection()) {
			return Integer.parseInt(connection.serverCommands().info("stats").getProperty("rejected_connections"));
		}
	}

	private static long subscribers(LockyFixture fixture) {
		return fixture.redis().convertAndSend(fixture.keys().signals(), "deadline");
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	/** Its shared connection is there before anything else happens. */
	private static Connections connect(int port, Duration timeout) {
		Connections connections = new Connections(TestRedis.connect("127.0.0.1", port, timeout));
		connections.run("PING");
		return connections;
	}

	private record Connections(LettuceConnectionFactory factory) implements AutoCloseable {

		void run(String command, String... words) {
			try (RedisConnection connection = this.factory.getConnection()) {
				connection.execute(command, Stream.of(words).map(String::getBytes).toArray(byte[][]::new));
			}
		}

		@Override
		public void close() {
			this.factory.destroy();
		}

	}

}
