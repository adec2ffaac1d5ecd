package io.locky.testing;

import java.util.Objects;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

/**
 * A pause in which Redis keeps all scripts and writes that it gets, until it is closed.
 */
public final class PausedWrites implements AutoCloseable {

	private final RedisConnection admin;

	/**
	 * Begins the pause.
	 * @param admin the access to a Redis that no other test uses
	 */
	public PausedWrites(RedisConnectionFactory admin) {
		this.admin = admin.getConnection();
		client("PAUSE", "60000", "WRITE");
	}

	/**
	 * Waits until Redis keeps a command.
	 */
	public void awaitCommand() {
		await().until(() -> !"0".equals(
				Objects.requireNonNull(this.admin.serverCommands().info("clients")).getProperty("blocked_clients")));
	}

	private void client(String... words) {
		byte[][] arguments = new byte[words.length][];
		for (int i = 0; i < words.length; i++) {
			arguments[i] = words[i].getBytes(UTF_8);
		}
		this.admin.execute("CLIENT", arguments);
	}

	/**
	 * Ends the pause: Redis runs what it has kept.
	 */
	@Override
	public void close() {
		client("UNPAUSE");
		this.admin.close();
	}

}
