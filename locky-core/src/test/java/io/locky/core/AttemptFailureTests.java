package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.lettuce.core.ClientOptions;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.redis.LockyKeys;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What an attempt leaves behind that does not come to a good end.
 */
@Timeout(60)
class AttemptFailureTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	@Test
	void interruptedReentryKeepsTheEarlierGrant() throws Exception {
		try (LockyFixture direct = new LockyFixture(TestRedis.connectionFactory());
				RedisProxy proxy = new RedisProxy(TestRedis.connectionFactory().getPort())) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofSeconds(5));
			try {
				LockyTemplate locks = template(connections, direct.keys(), (event) -> {
				});
				LockHandle outer = ((LockAttempt.Acquired) locks.tryLock(LockRequest.of("x").by("ann"))).handle();
				proxy.next(RedisProxy.Fault.DELAY);
				CompletableFuture<Boolean> flag = new CompletableFuture<>();
				Thread thread = TestThreads.start(() -> {
					try {
						locks.tryLock(LockRequest.of("x").by("ann").note("again").reentrant());
						flag.complete(false);
					}
					catch (DataAccessException ex) {
						flag.complete(Thread.currentThread().isInterrupted());
					}
				});
				await().until(
						() -> direct.template(null).find("x").map(LockInfo::note).filter("again"::equals).isPresent());
				thread.interrupt();
				assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
				assertThat(outer.refresh()).isTrue();
			}
			finally {
				connections.destroy();
			}
		}
	}

	@Test
	void interruptsDuringTheCleanUpLeaveNoLock() throws Exception {
		try (LockyFixture direct = new LockyFixture(TestRedis.connectionFactory());
				RedisProxy proxy = new RedisProxy(TestRedis.connectionFactory().getPort())) {
			LettuceConnectionFactory connections = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofSeconds(5));
			LockyTemplate locks = template(connections, direct.keys(), (event) -> {
			});
			LockyTemplate others = direct.template(null);
			try {
				locks.lock("warm", "up");
				proxy.next(RedisProxy.Fault.DELAY);
				Thread thread = TestThreads
					.start(() -> assertThatThrownBy(() -> locks.lock(LockRequest.of("x").by("ann").ttl(LONG)))
						.isInstanceOf(DataAccessException.class));
				await().until(() -> "ann".equals(others.getLocker("x")));
				while (thread.isAlive()) {
					thread.interrupt();
					Thread.onSpinWait();
				}
				await().until(() -> others.getLocker("x") == null);
			}
			finally {
				connections.destroy();
			}
		}
	}

	@Test
	void interruptFlagSurvivesAnUnansweredAttempt() {
		LettuceConnectionFactory nowhere = TestRedis.connect("127.0.0.1", EmbeddedRedis.freePort(),
				Duration.ofMillis(500));
		try {
			LockyTemplate locks = template(nowhere, LockyKeys.of("test:"), (event) -> {
			});
			Thread.currentThread().interrupt();
			assertThatThrownBy(() -> locks.lock("x", "ann")).isInstanceOf(DataAccessException.class);
			assertThat(Thread.interrupted()).isTrue();
		}
		finally {
			nowhere.destroy();
		}
	}

	@Test
	void unfinishedLockAllReleasesTheRestOnceItCan() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyKeys keys = LockyKeys.ofCluster(fixture.prefix());
			List<String> names = List.of(inPartition(keys, 1), inPartition(keys, 2), inPartition(keys, 3));
			String records = fixture.prefix() + "{1}:records";
			LockyTemplate locks = template(TestRedis.connectionFactory(), keys, (event) -> {
				if (event instanceof LockAcquiredEvent && event.getResource().equals(names.get(1))) {
					fixture.redis().rename(records, records + "-kept");
					fixture.redis().opsForValue().set(records, "broken");
				}
			});
			locks.lock(names.get(2), "bob");
			assertThatThrownBy(() -> locks.lockAll(names, "ann")).isInstanceOf(DataAccessException.class);
			fixture.redis().rename(records + "-kept", records);
			await().until(() -> locks.getLocker(names.get(0)) == null);
		}
	}

	@Test
	void unfinishedLockAllReleasesWhatItCan() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyKeys keys = LockyKeys.ofCluster(fixture.prefix());
			List<String> names = new ArrayList<>(
					List.of(inPartition(keys, 1), inPartition(keys, 2), inPartition(keys, 3)));
			LockyTemplate locks = template(TestRedis.connectionFactory(), keys, (event) -> {
				if (event instanceof LockAcquiredEvent && event.getResource().equals(names.get(1))) {
					fixture.redis().opsForValue().set(fixture.prefix() + "{1}:records", "broken");
				}
			});
			locks.lock(names.get(2), "bob");
			assertThatThrownBy(() -> locks.lockAll(names, "ann")).isInstanceOf(DataAccessException.class);
			assertThat(locks.getLocker(names.get(1))).isNull();
		}
	}

	@Test
	void attemptOnALostConnectionLeavesNoOrphan() throws Exception {
		try (EmbeddedRedis redis = EmbeddedRedis.start(); RedisProxy proxy = new RedisProxy(redis.port())) {
			AtomicBoolean armed = new AtomicBoolean();
			LettuceConnectionFactory connections = new LettuceConnectionFactory(
					new RedisStandaloneConfiguration("127.0.0.1", proxy.port()),
					LettuceClientConfiguration.builder()
						.shutdownTimeout(Duration.ZERO)
						.clientOptions(ClientOptions.builder().autoReconnect(false).build())
						.build()) {
				@Override
				public RedisConnection getConnection() {
					RedisConnection connection = super.getConnection();
					if (armed.getAndSet(false)) {
						proxy.next(RedisProxy.Fault.CUT);
					}
					return connection;
				}
			};
			connections.setValidateConnection(true);
			connections.afterPropertiesSet();
			connections.start();
			try (LockyFixture fixture = new LockyFixture(connections)) {
				LockyTemplate locks = fixture.template(null);
				locks.lock("warm", "up");
				armed.set(true);
				assertThat(locks.lock("x", "ann")).isTrue();
				assertThat(locks.getLocker("x")).isEqualTo("ann");
				assertThat(fixture.events(LockAcquiredEvent.class)).hasSize(2);
			}
			finally {
				connections.destroy();
			}
		}
	}

	@Test
	void cursorOfNoPageIsRefused() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyTemplate locks = fixture.template(null);
			for (String cursor : List.of("1-0", "9999-5", "0-99999999999999999999")) {
				assertThatIllegalArgumentException().as(cursor)
					.isThrownBy(() -> locks.list(LockQuery.all().after(cursor)));
			}
		}
	}

	private static String inPartition(LockyKeys keys, int number) {
		int i = 0;
		while (keys.partitionOf("r" + i).number() != number) {
			i++;
		}
		return "r" + i;
	}

	private static LockyTemplate template(LettuceConnectionFactory connections, LockyKeys keys,
			Consumer<LockyEvent> listener) {
		LockySettings settings = LockySettings.builder().ttl(Duration.ofMinutes(1)).build();
		return LockyTemplates
			.over(new LockyRuntime(connections, keys, settings, (event) -> listener.accept((LockyEvent) event)));
	}

}
