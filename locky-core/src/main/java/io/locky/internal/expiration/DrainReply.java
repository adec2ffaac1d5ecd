package io.locky.internal.expiration;

import java.time.Duration;
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
record DrainReply(List<ExpiryClaim> claims, @Nullable Duration next) {

	/**
	 * Reads the answer of the script.
	 * @param answer the answer
	 * @return what it says
	 */
	static DrainReply read(List<Object> answer) {
		long next = (Long) answer.get(0);
		return new DrainReply(ExpiryClaim.read(answer.subList(1, answer.size())),
				(next >= 0) ? Duration.ofMillis(next) : null);
	}

}
