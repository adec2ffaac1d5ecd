package io.locky.web.internal.endpoint;

import java.time.Duration;

/**
 * The bounds of live streams.
 *
 * @param maxSubscribers how many one instance serves at once
 * @param heartbeat how often a stream that has nothing to tell says that it is alive
 * @param broadcast whether events of other instances are told too
 * @since 0.1.0
 */
public record StreamSettings(int maxSubscribers, Duration heartbeat, boolean broadcast) {

}
