package io.locky;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A lock as it stood when Redis was asked.
 *
 * @param resource what is locked
 * @param locker who holds it
 * @param fence the number of the grant, or 0 if the lock was written by another client
 * @param since when it was granted by the clock of Redis, or {@code null} if the lock was
 * written by another client
 * @param expiresIn the rest of the lease, or {@code null} if it does not end
 * @param note what the holder wants others to know, or {@code null}
 * @since 0.1.0
 */
public record LockInfo(String resource, String locker, long fence, @Nullable Instant since,
		@Nullable Duration expiresIn, @Nullable String note) implements Serializable {

}
