package io.locky.web.internal.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a lock.
 *
 * @param resource what to lock
 * @param note what others are told, at most 256 characters, or {@code null}
 * @since 0.1.0
 */
public record AcquireBody(@Nullable String resource, @Nullable String note) {

}
