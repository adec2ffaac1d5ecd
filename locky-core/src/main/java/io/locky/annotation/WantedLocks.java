package io.locky.annotation;

import java.time.Duration;
import java.util.List;

import io.locky.LockRequest;
import org.jspecify.annotations.Nullable;

/**
 * The locks that one call wants.
 *
 * @param requests what to ask for, in the order of the resources, without the wait
 * @param namedLocker the locker if the annotation names one, or {@code null}
 * @param waitFor how long to wait for all of them, or {@code null} for not at all
 * @param onLost what to do if one is lost
 */
record WantedLocks(List<LockRequest> requests, @Nullable String namedLocker, @Nullable Duration waitFor,
		OnLost onLost) {

}
