package io.locky;

import java.time.Instant;

/**
 * A request that waits for a lock. Redis does not know which locker waits.
 *
 * @param instance the instance that waits, by an id of its own that changes with each
 * start
 * @param since since when it waits, or has its turn, by the clock of Redis
 * @since 0.9.0
 */
public record LockWaiter(String instance, Instant since) {

}
