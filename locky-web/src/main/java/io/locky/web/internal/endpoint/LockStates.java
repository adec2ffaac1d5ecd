package io.locky.web.internal.endpoint;

import java.util.List;

/**
 * Who holds several locks.
 *
 * @param locks one for each resource, in the order of the question
 * @since 0.1.0
 */
public record LockStates(List<LockState> locks) {

}
