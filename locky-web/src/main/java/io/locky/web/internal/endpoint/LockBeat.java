package io.locky.web.internal.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a heartbeat of who still holds the lock.
 *
 * @param resource what is locked
 * @param fence the number of the grant
 * @param expiresIn the rest of the lease in seconds, or {@code null} if it does not end
 * @since 0.1.0
 */
public record LockBeat(String resource, long fence, @Nullable Double expiresIn) {

}
