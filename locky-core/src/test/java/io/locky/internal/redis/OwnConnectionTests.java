package io.locky.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.core.LockyTemplates;
import io.locky.internal.lock.LockyRuntime;
import io.locky.metrics.LockyMetrics;
import io.locky.testing.EmbeddedRedis;
import io.locky.testing.LockyFixture;
import io.locky.testing.RedisProxy;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.data.redis.core.types.RedisClientInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class OwnConnectionTests {

	private static final String NAME = "named";

	private final EmbeddedRedis redis = EmbeddedRedis.start();

	private final LettuceConnectionFactory admin = TestRedis.connect("127.0.0.1", this.redis.port(),
			Duration.ofSeconds(5));

	private final LettuceConnectionFactory connections = new LettuceConnectionFactory(
			new RedisStandaloneConfiguration("127.0.0.1", this.redis.port()),
			LettuceClientConfiguration.builder().clientName(NAME).shutdownTimeout(Duration.ZERO).build());

	@AfterEach
	void stop() {
		this.connections.destroy();
		this.admin.destroy();
		this.redis.close();
	}

	@Test
	void isOpenedWhenItIsNeededAndClosedWithItsTemplate() {
		LockyRuntime runtime = runtime(this.connections);
		LockyTemplate locks = LockyTemplates.over(runtime);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> locks.lock("x", "ann"))
			.withMessageContaining("not running");
		this.connections.start();
		assertThat(named()).isZero();
		assertThat(locks.lock("x", "ann")).isTrue();
		assertThat(named()).isOne();
		runtime.stop();
		await().until(() -> named() == 0);
		assertThat(locks.unlock("x", "ann")).isTrue();
		runtime.close();
		await().until(() -> named() == 0);
		assertThat(locks.lock("x", "ann")).isTrue();
	}

	@Test
	void followsItsFactoryThroughARestart() {
		this.connections.start();
		try (LockyRuntime runtime = runtime(this.connections)) {
			LockyTemplate locks = LockyTemplates.over(runtime);
			locks.lock("x", "ann");
			this.connections.stop();
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> locks.lock("y", "ann"));
			this.connections.start();
			assertThat(locks.unlock("x", "ann")).isTrue();
			await().until(() -> named() == 1);
		}
	}

	@Test
	void connectionsOfTheApplicationOutliveIt() {
		this.connections.start();
		try (RedisConnection before = open(this.connections)) {
			LockyRuntime runtime = runtime(this.connections);
			LockyTemplates.over(runtime).lock("x", "ann");
			runtime.close();
			assertThat(before.ping()).isEqualTo("PONG");
		}
		this.connections.resetConnection();
		try (RedisConnection after = open(this.connections)) {
			assertThat(after.ping()).isEqualTo("PONG");
		}
	}

	@Test
	void sentCommandsFailAtOnceAndOthersWaitForTheNextConnection() throws Exception {
		try (RedisProxy proxy = new RedisProxy(this.redis.port())) {
			LettuceConnectionFactory patient = TestRedis.connect("127.0.0.1", proxy.port(), Duration.ofSeconds(50));
			try (LockyFixture fixture = new LockyFixture(patient, this.admin);
					ScriptRunner scripts = ScriptRunner.withOwnConnection(patient, LockyMetrics.NONE)) {
				ScriptCall<Long> count = new ScriptCall<>(count(), List.of(fixture.prefix() + "count"), List.of(),
						(reply) -> (Long) reply);
				scripts.runOnce(count);
				proxy.cutAnswer("count", () -> proxy.pause(true));
				assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> scripts.runOnce(count))
					.matches(RedisErrors::isUnanswered);
				CompletableFuture<Long> waiting = TestThreads.supply(() -> scripts.runOnce(count));
				await().pollDelay(Duration.ofMillis(300)).until(() -> !waiting.isDone());
				proxy.pause(false);
				assertThat(waiting.get(40, TimeUnit.SECONDS)).isEqualTo(3);
			}
			finally {
				patient.destroy();
			}
		}
	}

	@Test
	void errorReplyAndMissingConnectionAreNoLostAnswers() {
		try (ScriptRunner scripts = ScriptRunner.withOwnConnection(this.connections, LockyMetrics.NONE)) {
			ScriptCall<Long> count = new ScriptCall<>(count(), List.of("count"), List.of(), (reply) -> (Long) reply);
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> scripts.runOnce(count))
				.matches((failure) -> !RedisErrors.isUnanswered(failure));
			this.connections.start();
			assertThat(scripts.runOnce(count)).isOne();
			try (RedisConnection connection = open(this.admin)) {
				connection.keyCommands().del("count".getBytes());
				connection.listCommands().lPush("count".getBytes(), "text".getBytes());
			}
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> scripts.runOnce(count))
				.matches((failure) -> !RedisErrors.isUnanswered(failure));
		}
	}

	@Test
	void masterWithStaticReplicasIsUsedAsConfigured() {
		LettuceConnectionFactory masterReplica = new LettuceConnectionFactory(
				new RedisStaticMasterReplicaConfiguration("127.0.0.1", this.redis.port()),
				LettuceClientConfiguration.builder().clientName(NAME).shutdownTimeout(Duration.ZERO).build());
		masterReplica.afterPropertiesSet();
		masterReplica.start();
		try (LockyRuntime runtime = runtime(masterReplica)) {
			assertThat(LockyTemplates.over(runtime).lock("x", "ann")).isTrue();
			assertThat(named()).isPositive();
		}
		finally {
			masterReplica.destroy();
		}
	}

	@Test
	void otherDriversAndFactoriesKeepTheirConnections() {
		JedisConnectionFactory jedis = new JedisConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", this.redis.port()));
		jedis.afterPropertiesSet();
		jedis.start();
		assertThat(OwnConnection.like(new LettuceConnectionFactory() {
		})).isNull();
		try (LockyRuntime runtime = runtime(jedis)) {
			LockyTemplate locks = LockyTemplates.over(runtime);
			assertThat(locks.lock("x", "ann")).isTrue();
			assertThat(locks.refresh("x", "ann")).isTrue();
			assertThat(locks.unlock("x")).isTrue();
			assertThat(locks.getLocker("x")).isNull();
		}
		finally {
			jedis.destroy();
		}
	}

	private static RedisScript<Long> count() {
		return RedisScript.of("return redis.call('INCR', KEYS[1])", Long.class);
	}

	/** How many connections have the name of the factory. */
	private long named() {
		try (RedisConnection connection = open(this.admin)) {
			List<RedisClientInfo> clients = Objects.requireNonNull(connection.serverCommands().getClientList());
			return clients.stream().filter((client) -> NAME.equals(client.getName())).count();
		}
	}

	private static RedisConnection open(RedisConnectionFactory factory) {
		return factory.getConnection();
	}

	private static LockyRuntime runtime(RedisConnectionFactory factory) {
		LockySettings settings = LockySettings.builder().prefix("test:").expiration(false).startupCheck(false).build();
		return new LockyRuntime(factory, LockyKeys.of("test:"), settings, (event) -> {
		});
	}

}
