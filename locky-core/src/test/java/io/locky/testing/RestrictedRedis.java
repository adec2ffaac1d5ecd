package io.locky.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A server with users of few permissions.
 */
public final class RestrictedRedis implements AutoCloseable {

	private final EmbeddedRedis server;

	private final LettuceConnectionFactory admin;

	private final List<LettuceConnectionFactory> connections = new ArrayList<>();

	private int users;

	private RestrictedRedis(String... settings) {
		this.server = EmbeddedRedis.startOn(EmbeddedRedis.freePort(), settings);
		this.admin = TestRedis.connect("127.0.0.1", this.server.port(), Duration.ofSeconds(5));
	}

	public static RestrictedRedis start(String... settings) {
		return new RestrictedRedis(settings);
	}

	public LettuceConnectionFactory admin() {
		return this.admin;
	}

	/**
	 * A new user, whose password is {@code secret}.
	 * @param rules the rules
	 * @return the URL to connect by
	 */
	public String user(List<String> rules) {
		return "redis://%s:secret@127.0.0.1:%d".formatted(newUser(rules), this.server.port());
	}

	/**
	 * Connects as a new user, whose password is {@code secret}.
	 * @param rules the rules
	 * @return the connection factory, which is destroyed with the server
	 */
	public LettuceConnectionFactory connectAs(List<String> rules) {
		RedisStandaloneConfiguration user = new RedisStandaloneConfiguration("127.0.0.1", this.server.port());
		user.setUsername(newUser(rules));
		user.setPassword("secret");
		LettuceConnectionFactory factory = TestRedis.connect(user, Duration.ofSeconds(5));
		this.connections.add(factory);
		return factory;
	}

	private String newUser(List<String> rules) {
		this.users++;
		String name = "user-" + this.users;
		execute("ACL", Stream.concat(Stream.of("SETUSER", name), rules.stream()).toList());
		return name;
	}

	public void execute(String command, List<String> words) {
		try (RedisConnection connection = this.admin.getConnection()) {
			connection.execute(command,
					words.stream().map((word) -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
		}
	}

	@Override
	public void close() {
		this.connections.forEach(LettuceConnectionFactory::destroy);
		this.admin.destroy();
		this.server.close();
	}

}
