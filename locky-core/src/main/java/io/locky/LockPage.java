package io.locky;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of a list of locks, each as Redis had it when the page was read. A lock that is
 * held from the first page to the last is on at least one of them. A lock that is
 * acquired or released meanwhile may be missing, and a lock may be on two pages.
 *
 * @param locks the locks, in no particular order; a page may be empty although others
 * follow
 * @param cursor where the next page begins, for {@link LockQuery#after(String)}, or
 * {@code null} if this is the last page
 * @since 0.9.0
 */
public record LockPage(List<LockInfo> locks, @Nullable String cursor) {

}
