package io.locky.people;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A request to the holder of a lock to hand it over.
 *
 * @param id the id of the request
 * @param resource the name of the resource
 * @param locker the locker that asks
 * @param note its text for the holder, or {@code null}
 * @param fence the fence of the grant that is asked for
 * @param askedAt when it was made, by the clock of Redis
 * @param answer the answer, or {@code null} if there is none yet
 * @param claimableAt from when on the locker may claim the lock, or {@code null} if it
 * may not
 * @param granted the fence of the grant that the lock was handed over with, or
 * {@code null} if it was not yet
 * @since 0.9.0
 */
public record HandoverRequest(String id, String resource, String locker, @Nullable String note, long fence,
		Instant askedAt, @Nullable HandoverAnswer answer, @Nullable Instant claimableAt, @Nullable Long granted) {

}
