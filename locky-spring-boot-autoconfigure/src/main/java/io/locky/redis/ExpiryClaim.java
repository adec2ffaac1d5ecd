package io.locky.redis;

import java.time.Instant;
import java.util.List;

/**
 * An expiry that this instance has claimed and must tell.
 *
 * @param name what it is called in Redis until it is acknowledged
 * @param resource the name of the resource
 * @param locker who held it to the end
 * @param fence the fence of the grant that ended
 * @param deadline when it ended, by the clock of Redis
 * @since 0.1.0
 */
public record ExpiryClaim(String name, String resource, String locker, long fence, Instant deadline) {

	private static final int FIELDS = 4;

	static List<ExpiryClaim> read(List<Object> names) {
		return names.stream().map((name) -> parse((String) name)).toList();
	}

	private static ExpiryClaim parse(String name) {
		String[] fields = name.split("\n", FIELDS);
		return new ExpiryClaim(name, Replies.unescaped(fields[0]), Replies.unescaped(fields[1]),
				Long.parseLong(fields[2]), Instant.ofEpochMilli(Long.parseLong(fields[3])));
	}

}
