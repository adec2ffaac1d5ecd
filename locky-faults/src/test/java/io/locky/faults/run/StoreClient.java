package io.locky.faults.run;

import java.time.Duration;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;

/**
 * The store of one application: values that are read and written under a fence, and
 * values that nothing but a lock protects.
 */
final class StoreClient implements AutoCloseable {

	/** A read is under the fence too: from then on, earlier holders cannot write. */
	private static final String OPEN = """
			if tonumber(ARGV[1]) < tonumber(redis.call('HGET', KEYS[1], 'fence') or '0') then
				return -1
			end
			redis.call('HSET', KEYS[1], 'fence', ARGV[1])
			return tonumber(redis.call('HGET', KEYS[1], 'value') or '0')""";

	private static final String SAVE = """
			if tonumber(ARGV[1]) < tonumber(redis.call('HGET', KEYS[1], 'fence') or '0') then
				redis.call('INCR', 'refused')
				return 0
			end
			redis.call('HSET', KEYS[1], 'fence', ARGV[1], 'value', ARGV[2])
			redis.call('RPUSH', 'saves', KEYS[1] .. ' ' .. ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3])
			return 1""";

	private final RedisClient client;

	private final RedisCommands<String, String> commands;

	StoreClient(int port) {
		this.client = RedisClient.create(RedisURI.create("127.0.0.1", port));
		this.commands = this.client.connect().sync();
	}

	/**
	 * Reads a value under a fence.
	 * @param resource the name of the value
	 * @param fence the fence
	 * @return the value, or -1 if a later holder has come
	 */
	long open(String resource, long fence) {
		Long value = this.commands.eval(OPEN, ScriptOutputType.INTEGER, keys(resource), Long.toString(fence));
		return value;
	}

	/**
	 * Writes a value under a fence.
	 * @param resource the name of the value
	 * @param fence the fence
	 * @param value the value
	 * @param writer the name of the client
	 * @return whether it was written
	 */
	boolean save(String resource, long fence, long value, String writer) {
		Long saved = this.commands.eval(SAVE, ScriptOutputType.INTEGER, keys(resource), Long.toString(fence),
				Long.toString(value), writer);
		return saved == 1;
	}

	long read(String name) {
		String value = this.commands.get("plain:" + name);
		return (value != null) ? Long.parseLong(value) : 0;
	}

	void write(String name, long value) {
		this.commands.set("plain:" + name, Long.toString(value));
	}

	private static String[] keys(String resource) {
		return new String[] { "value:" + resource };
	}

	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, Duration.ZERO);
	}

}
