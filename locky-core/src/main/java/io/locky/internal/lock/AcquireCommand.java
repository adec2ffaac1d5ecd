package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;

import io.locky.LockOptions;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to acquire locks.
 *
 * @param resources the names of the resources: all of them or none
 * @param locker the locker
 * @param ttl the length of the lease, or {@code null} for one that does not end
 * @param attempt the id of this attempt: sent twice, it is granted once
 * @param options what the request says about contention, the longest hold and the note
 */
record AcquireCommand(List<String> resources, String locker, @Nullable Duration ttl, String attempt,
		LockOptions options) {

}
