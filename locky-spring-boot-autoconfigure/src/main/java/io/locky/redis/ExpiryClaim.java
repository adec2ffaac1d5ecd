package io.locky.redis;

import java.time.Instant;
import java.util.ArrayList;
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

	private static final int FIELDS = 5;

	static List<ExpiryClaim> read(List<Object> answer) {
		List<ExpiryClaim> claims = new ArrayList<>(answer.size() / FIELDS);
		for (int i = 0; i < answer.size(); i += FIELDS) {
			claims.add(new ExpiryClaim((String) answer.get(i), (String) answer.get(i + 1), (String) answer.get(i + 2),
					(Long) answer.get(i + 3), Instant.ofEpochMilli((Long) answer.get(i + 4))));
		}
		return claims;
	}

}
