package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.locky.testing.EmbeddedRedis;

/**
 * A store that refuses saves with an old fence. It is a Redis of its own, which no fault
 * touches.
 */
final class Store implements AutoCloseable {

	private final EmbeddedRedis redis = EmbeddedRedis.start();

	private final RedisClient client = RedisClient.create("redis://127.0.0.1:" + this.redis.port());

	private final RedisCommands<String, String> commands = this.client.connect().sync();

	int port() {
		return this.redis.port();
	}

	/** How many saves were accepted. */
	long saves() {
		return this.commands.llen("saves");
	}

	/** How many saves came too late. */
	long refused() {
		String count = this.commands.get("refused");
		return (count != null) ? Long.parseLong(count) : 0;
	}

	/** The value that nothing but a lock protects. */
	long plain(String name) {
		String value = this.commands.get("plain:" + name);
		return (value != null) ? Long.parseLong(value) : 0;
	}

	/**
	 * What is wrong with the saves that were accepted.
	 * @return stale saves, lost updates and fences of two holders
	 */
	List<String> violations() {
		List<String> found = new ArrayList<>();
		Map<String, Save> last = new HashMap<>();
		Map<String, String> writers = new HashMap<>();
		for (String line : this.commands.lrange("saves", 0, -1)) {
			Save save = Save.of(line);
			Save before = last.put(save.resource, save);
			String writer = writers.putIfAbsent(save.resource + " " + save.fence, save.writer);
			if (before != null && save.fence < before.fence) {
				found.add("stale save: %s after %s".formatted(save, before));
			}
			if (save.value != ((before != null) ? before.value : 0) + 1) {
				found.add("lost update: %s after %s".formatted(save, before));
			}
			if (writer != null && !writer.equals(save.writer)) {
				found.add("fence of two holders: %s and %s".formatted(save, writer));
			}
		}
		return found;
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, Duration.ZERO);
		this.redis.close();
	}

	private record Save(String resource, long fence, long value, String writer) {

		static Save of(String line) {
			String[] words = line.split(" ");
			return new Save(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
		}

	}

}
