package io.locky.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;

import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * A master, two replicas and three sentinels, on free ports. They end with the JVM at the
 * latest.
 */
public final class TestSentinel implements AutoCloseable {

	private static final String NAME = "locks";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	/** Replicas are synchronized at once, and a lost link is noticed soon. */
	private static final String SERVER = """
			repl-diskless-sync yes
			repl-diskless-sync-delay 0
			repl-ping-replica-period 1
			""";

	private final RedisClient client = RedisClient.create();

	private final List<RedisProcess> servers = new ArrayList<>();

	private final List<RedisProcess> sentinels = new ArrayList<>();

	public TestSentinel() {
		this.servers.add(new RedisProcess(EmbeddedRedis.freePort(), false, SERVER));
		awaitServer(this.servers.get(0));
		for (int i = 0; i < 2; i++) {
			this.servers.add(new RedisProcess(EmbeddedRedis.freePort(), false, SERVER,
					"replicaof 127.0.0.1 " + this.servers.get(0).port()));
		}
		await().atMost(TIMEOUT).until(() -> replication(this.servers.get(0)).contains("connected_slaves:2"));
		for (int i = 0; i < 3; i++) {
			this.sentinels.add(new RedisProcess(EmbeddedRedis.freePort(), true, """
					sentinel monitor %s 127.0.0.1 %d 2
					sentinel down-after-milliseconds %s 1000
					sentinel failover-timeout %s 5000
					""".formatted(NAME, this.servers.get(0).port(), NAME, NAME)));
		}
		await().atMost(TIMEOUT).ignoreExceptions().until(() -> this.sentinels.stream().allMatch(this::seesAll));
	}

	private void awaitServer(RedisProcess server) {
		await().atMost(TIMEOUT)
			.ignoreExceptions()
			.until(() -> "PONG".equals(query(server, (commands) -> commands.ping())));
	}

	private boolean seesAll(RedisProcess sentinel) {
		Map<String, String> master = querySentinel(sentinel);
		return "2".equals(master.get("num-slaves")) && "2".equals(master.get("num-other-sentinels"))
				&& "master".equals(master.get("flags"));
	}

	private Map<String, String> querySentinel(RedisProcess sentinel) {
		try (StatefulRedisSentinelConnection<String, String> connection = this.client.connectSentinel(StringCodec.UTF8,
				RedisURI.create("127.0.0.1", sentinel.port()))) {
			return connection.sync().master(NAME);
		}
	}

	/**
	 * A connection factory of the caller's own, which gets the master from the sentinels.
	 * @return the factory, to be destroyed by the caller
	 */
	public LettuceConnectionFactory connect() {
		RedisSentinelConfiguration configuration = new RedisSentinelConfiguration().master(NAME);
		this.sentinels.forEach((sentinel) -> configuration.sentinel("127.0.0.1", sentinel.port()));
		return TestRedis.connect(configuration, Duration.ofSeconds(5));
	}

	/**
	 * What makes an application use these servers.
	 * @return properties of Spring Boot
	 */
	public String[] properties() {
		List<String> addresses = this.sentinels.stream().map((sentinel) -> "127.0.0.1:" + sentinel.port()).toList();
		return new String[] { "spring.data.redis.sentinel.master=" + NAME,
				"spring.data.redis.sentinel.nodes=" + String.join(",", addresses) };
	}

	/**
	 * Kills the master without a clean shutdown.
	 */
	public void killMaster() {
		RedisProcess master = master();
		this.servers.remove(master);
		master.close();
	}

	/**
	 * The name of the master and the addresses of the sentinels.
	 * @return a text such as {@code name:host:port,host:port}
	 */
	public String address() {
		return NAME + ":"
				+ String.join(",", this.sentinels.stream().map((sentinel) -> "127.0.0.1:" + sentinel.port()).toList());
	}

	/**
	 * Cuts all replicas off: they fail to authenticate when they connect again.
	 */
	public void cutReplicas() {
		RedisProcess master = master();
		replicas().forEach((replica) -> query(replica, (commands) -> commands.configSet("masterauth", "wrong")));
		query(master, (commands) -> commands.clientKill(KillArgs.Builder.typeSlave()));
	}

	/**
	 * Lets the replicas that were cut off connect again.
	 */
	public void joinReplicas() {
		this.servers.forEach((server) -> query(server, (commands) -> commands.configSet("masterauth", "")));
	}

	/**
	 * Freezes all replicas: they stay connected and acknowledge nothing.
	 */
	public void freezeReplicas() {
		replicas().forEach(RedisProcess::freeze);
	}

	/**
	 * Lets the replicas that were frozen go on.
	 */
	public void thawReplicas() {
		this.servers.forEach(RedisProcess::thaw);
	}

	/**
	 * Waits until there is a master that answers.
	 */
	public void awaitMaster() {
		await().atMost(TIMEOUT)
			.ignoreExceptions()
			.until(() -> this.servers.stream().anyMatch((server) -> replication(server).contains("role:master")));
	}

	private RedisProcess master() {
		return this.servers.stream()
			.filter((server) -> replication(server).contains("role:master"))
			.findFirst()
			.orElseThrow();
	}

	private List<RedisProcess> replicas() {
		RedisProcess master = master();
		return this.servers.stream().filter((server) -> server != master).toList();
	}

	private String replication(RedisProcess server) {
		return query(server, (commands) -> commands.info("replication"));
	}

	private <T> T query(RedisProcess server, Function<RedisCommands<String, String>, T> question) {
		try (StatefulRedisConnection<String, String> connection = this.client.connect(StringCodec.UTF8,
				RedisURI.create("127.0.0.1", server.port()))) {
			return question.apply(connection.sync());
		}
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, Duration.ZERO);
		this.sentinels.forEach(RedisProcess::close);
		this.servers.forEach(RedisProcess::close);
	}

}
