package io.locky.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.locky.LeaseTime;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Properties of locks over HTTP.
 *
 * @param problems How exceptions of Locky are answered.
 * @param enabled Whether there are HTTP endpoints for locks.
 * @param path What the paths of the endpoints start with.
 * @param resources What the names of resources start with that every authenticated caller
 * may lock and watch, unless there is a LockAccessPolicy bean.
 * @param ttl How long a lock is held unless the page beats; locky.ttl where it is not
 * set, or else half a minute.
 * @param maxSubscribers How many live streams one instance serves at once.
 * @param streamHeartbeat How often a live stream that has nothing to tell says that it is
 * alive.
 * @since 0.1.0
 */
@ConfigurationProperties("locky.web")
public record LockyWebProperties(@DefaultValue Problems problems, boolean enabled, @DefaultValue("/locky") String path,
		@DefaultValue List<String> resources, @Nullable Duration ttl, @DefaultValue("1000") int maxSubscribers,
		@DefaultValue("15s") Duration streamHeartbeat) {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	/**
	 * Checks the values, so that a wrong one ends the start-up with its name.
	 */
	public LockyWebProperties {
		Assert.isTrue(path.startsWith("/") && !path.endsWith("/"),
				() -> "'locky.web.path' must start with a slash and not end with one, but is '%s'".formatted(path));
		Assert.isTrue(ttl == null || LeaseTime.require(ttl, "locky.web.ttl").compareTo(SHORTEST) >= 0,
				() -> "'locky.web.ttl' must be at least 1 second, but is " + ttl);
		Assert.isTrue(maxSubscribers > 0,
				() -> "'locky.web.max-subscribers' must be at least 1, but is " + maxSubscribers);
		Assert.isTrue(streamHeartbeat.compareTo(SHORTEST) >= 0,
				() -> "'locky.web.stream-heartbeat' must be at least 1 second, but is " + streamHeartbeat);
	}

	/**
	 * How exceptions of Locky are answered.
	 *
	 * @param enabled Whether exceptions of Locky that a controller throws become problem
	 * details.
	 */
	public record Problems(@DefaultValue("true") boolean enabled) {

	}

}
