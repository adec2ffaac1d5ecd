package io.locky.web.internal.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * Names a grant, to prolong it or to give it back.
 *
 * @param resource what is locked
 * @param fence the number of the grant
 * @since 0.1.0
 */
public record GrantBody(@Nullable String resource, @Nullable Long fence) {

}
