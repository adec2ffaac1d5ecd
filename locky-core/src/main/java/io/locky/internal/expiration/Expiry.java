package io.locky.internal.expiration;

import java.time.Instant;

/**
 * A lease that ended.
 *
 * @param resource the name of the resource
 * @param locker who held it to the end
 * @param fence the fence of the grant that ended
 * @param deadline when it ended, by the clock of Redis
 * @since 0.1.0
 */
public record Expiry(String resource, String locker, long fence, Instant deadline) {

}
