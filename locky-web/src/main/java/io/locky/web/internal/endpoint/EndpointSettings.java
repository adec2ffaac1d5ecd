package io.locky.web.internal.endpoint;

import java.time.Duration;

import io.locky.web.internal.endpoint.EndpointMessages.WatchBody;

/**
 * The limits of the endpoints.
 *
 * @param ttl how long a lock is held without a heartbeat
 * @param maxWatched how many resources one live stream may watch
 */
public record EndpointSettings(Duration ttl, int maxWatched) {

	private static final int MOST_BYTES = 256 * 1024;

	/** A resource of 512 characters in UTF-8, quoted. */
	private static final int BYTES_PER_RESOURCE = 1600;

	/**
	 * How long the body of a request may be.
	 * @param body the type of the body
	 * @return the number of bytes
	 */
	public int mostBytes(Class<?> body) {
		return (body != WatchBody.class) ? MOST_BYTES
				: (int) Math.min(Integer.MAX_VALUE, MOST_BYTES + (long) this.maxWatched * BYTES_PER_RESOURCE);
	}

}
