package io.locky.internal.redis;

import org.springframework.data.redis.RedisConnectionFailureException;

/**
 * There was no connection to send a command on, so it has not run.
 */
final class NotConnectedException extends RedisConnectionFailureException {

	private static final long serialVersionUID = 1L;

	NotConnectedException(String message, Throwable cause) {
		super(message, cause);
	}

}
