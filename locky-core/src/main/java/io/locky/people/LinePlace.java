package io.locky.people;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A place in the line for a lock.
 *
 * @param resource the name of the resource
 * @param locker the locker that waits
 * @param position 1 for the next one
 * @param since when it joined, by the clock of Redis
 * @param expiresIn the rest of the lease of the place
 * @param offeredFor how long the lock is still offered to it, or {@code null} if it is
 * not its turn
 * @since 0.9.0
 */
public record LinePlace(String resource, String locker, int position, Instant since, Duration expiresIn,
		@Nullable Duration offeredFor) {

}
