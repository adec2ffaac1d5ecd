package io.locky;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of a list of locks, each as it stood when Redis was asked. A lock that was held
 * from the first page to the last is on at least one of them; one that came or went
 * meanwhile may be missing, and one may be on two pages.
 *
 * @param locks the locks, in no particular order; a page may be empty and not the last
 * @param cursor where the next page begins, for {@link LockQuery#after(String)}, or
 * {@code null} if this is the last one
 * @since 0.1.0
 */
public record LockPage(List<LockInfo> locks, @Nullable String cursor) {

}
