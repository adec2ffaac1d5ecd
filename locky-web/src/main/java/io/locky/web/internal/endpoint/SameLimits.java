package io.locky.web.internal.endpoint;

import io.locky.web.LockCaller;
import io.locky.web.LockLimits;

/**
 * The same limits for every caller.
 *
 * @param maxLocks how many locks a caller may hold at once
 * @param maxRequestsPerSecond how many requests a caller may send in a second
 */
public record SameLimits(int maxLocks, int maxRequestsPerSecond) implements LockLimits {

	@Override
	public int maxLocks(LockCaller caller) {
		return this.maxLocks;
	}

	@Override
	public int maxRequestsPerSecond(LockCaller caller) {
		return this.maxRequestsPerSecond;
	}

}
