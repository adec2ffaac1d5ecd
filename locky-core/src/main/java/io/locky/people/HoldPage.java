package io.locky.people;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A page of the history of a lock.
 *
 * @param holds the holds, the latest first
 * @param next where the next page begins, or {@code null} if this is the last one
 * @since 0.9.0
 */
public record HoldPage(List<Hold> holds, @Nullable Long next) {

}
