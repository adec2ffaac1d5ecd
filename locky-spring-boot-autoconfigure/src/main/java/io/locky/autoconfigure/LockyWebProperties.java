package io.locky.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.locky.InvalidSettingException;
import io.locky.LeaseTime;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of locks over HTTP.
 *
 * @param problems Problem details for exceptions of Locky.
 * @param enabled Whether to add HTTP endpoints for locks and to serve the browser module.
 * @param path Path prefix of the endpoints.
 * @param resources Prefixes of the resources that every authenticated caller may lock and
 * watch. Not used if there is a LockAccessPolicy bean.
 * @param ttl How long a lock is held without a heartbeat. If not set, locky.ttl is used,
 * or 30 seconds if that is not set either.
 * @param maxSubscribers Maximum number of live streams that one instance serves at once.
 * @param maxWatched Maximum number of resources that one live stream may watch.
 * @param maxLocksPerCaller Maximum number of locks that one caller holds at once. Not
 * used if there is a LockLimits bean.
 * @param maxRequestsPerSecond Maximum number of requests of one caller in a second, on
 * one instance. Not used if there is a LockLimits bean.
 * @param streamHeartbeat Interval of keep-alive events on an idle live stream.
 * @since 0.9.0
 */
@ConfigurationProperties("locky.web")
public record LockyWebProperties(@DefaultValue Problems problems, boolean enabled, @DefaultValue("/locky") String path,
		@DefaultValue List<String> resources, @Nullable Duration ttl, @DefaultValue("1000") int maxSubscribers,
		@DefaultValue("5000") int maxWatched, @DefaultValue("500") int maxLocksPerCaller,
		@DefaultValue("50") int maxRequestsPerSecond, @DefaultValue("15s") Duration streamHeartbeat) {

	private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	/**
	 * Checks the values: an invalid one fails the start-up, with the name of its
	 * property.
	 */
	public LockyWebProperties {
		InvalidSettingException.require(PATH.matcher(path).matches(), "locky.web.path",
				() -> ("must be one or more segments of letters, digits, '-', '_', '.' and '~', each "
						+ "after a slash, such as '/locky', but is '%s'")
					.formatted(path));
		InvalidSettingException.require(ttl == null || LeaseTime.require(ttl, "locky.web.ttl").compareTo(SHORTEST) >= 0,
				"locky.web.ttl", () -> "must be at least 1 second, but is " + ttl);
		InvalidSettingException.require(maxSubscribers > 0, "locky.web.max-subscribers",
				() -> "must be at least 1, but is " + maxSubscribers);
		InvalidSettingException.require(maxWatched > 0, "locky.web.max-watched",
				() -> "must be at least 1, but is " + maxWatched);
		InvalidSettingException.require(maxLocksPerCaller > 0, "locky.web.max-locks-per-caller",
				() -> "must be at least 1, but is " + maxLocksPerCaller);
		InvalidSettingException.require(maxRequestsPerSecond > 0, "locky.web.max-requests-per-second",
				() -> "must be at least 1, but is " + maxRequestsPerSecond);
		InvalidSettingException.require(streamHeartbeat.compareTo(SHORTEST) >= 0, "locky.web.stream-heartbeat",
				() -> "must be at least 1 second, but is " + streamHeartbeat);
	}

	/**
	 * Problem details for exceptions of Locky.
	 *
	 * @param enabled Whether exceptions of Locky that leave a controller become problem
	 * details.
	 */
	public record Problems(@DefaultValue("true") boolean enabled) {

	}

}
