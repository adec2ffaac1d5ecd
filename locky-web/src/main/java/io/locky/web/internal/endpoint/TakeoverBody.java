package io.locky.web.internal.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a lock that somebody holds.
 *
 * @param resource what to lock
 * @param fence the number of the grant to take over, and no other
 * @param note what others are told, at most 256 characters, or {@code null}
 * @since 0.1.0
 */
public record TakeoverBody(@Nullable String resource, @Nullable Long fence, @Nullable String note) {

}
