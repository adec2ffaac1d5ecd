package io.locky.web.internal.endpoint;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Asks who holds several locks.
 *
 * @param resources what may be locked, at most 500
 * @since 0.1.0
 */
public record QueryBody(@Nullable List<@Nullable String> resources) {

}
