package io.locky.people;

import java.time.Duration;
import java.time.Instant;

/**
 * A person who is looking at a resource.
 *
 * @param resource the name of the resource
 * @param person the locker
 * @param state what the person does
 * @param since when the person came, by the clock of Redis
 * @param expiresIn the rest of the lease
 * @since 0.9.0
 */
public record Presence(String resource, String person, PresenceState state, Instant since, Duration expiresIn) {

}
