package io.locky.people;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A hold that has ended.
 *
 * @param resource the name of the resource
 * @param locker the locker that held it
 * @param fence the fence of the grant, which no other hold of the resource has
 * @param since when it was granted, by the clock of Redis
 * @param until when it ended, by the clock of Redis; for an expiry, its deadline
 * @param outcome how it ended
 * @param by the locker that ended it, or {@code null} if it is not known or nobody did
 * @param note why, as the one who took it over wrote, or {@code null}
 * @since 0.9.0
 */
public record Hold(String resource, String locker, long fence, Instant since, Instant until, HoldOutcome outcome,
		@Nullable String by, @Nullable String note) {

}
