package io.locky.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a drain found.
 *
 * @param claims the expiries to tell: first those that were claimed before and came back,
 * then the others in the order of their deadlines
 * @param next the time until there may be more, or {@code null} if no lock has a deadline
 * @since 0.1.0
 */
public record DrainReply(List<ExpiryClaim> claims, @Nullable Duration next) {

	private static final int FIELDS = 5;

	/**
	 * Reads the answer of the script.
	 * @param answer the answer
	 * @return what it says
	 */
	public static DrainReply of(List<Object> answer) {
		List<ExpiryClaim> claims = new ArrayList<>((answer.size() - 1) / FIELDS);
		for (int i = 1; i < answer.size(); i += FIELDS) {
			claims.add(new ExpiryClaim((String) answer.get(i), (String) answer.get(i + 1), (String) answer.get(i + 2),
					(Long) answer.get(i + 3), Instant.ofEpochMilli((Long) answer.get(i + 4))));
		}
		long next = (Long) answer.get(0);
		return new DrainReply(claims, (next >= 0) ? Duration.ofMillis(next) : null);
	}

}
