package io.locky;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The result of refreshing a grant.
 *
 * @param held whether that grant still holds the lock; if not, nothing changed
 * @param expiresIn the rest of the lease, or {@code null} if it does not end or the grant
 * does not hold the lock
 * @since 0.9.0
 */
public record LockRefresh(boolean held, @Nullable Duration expiresIn) {

}
