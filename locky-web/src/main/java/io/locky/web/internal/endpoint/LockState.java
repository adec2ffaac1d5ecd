package io.locky.web.internal.endpoint;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock.
 *
 * @param resource what may be locked
 * @param held whether anybody holds it
 * @param own whether the caller does, in this tab or another one
 * @param holder what the {@link io.locky.web.LockHolderView LockHolderView} shows, or
 * {@code null} if nobody holds it
 * @since 0.1.0
 */
public record LockState(String resource, boolean held, boolean own, @Nullable Map<String, ?> holder) {

}
