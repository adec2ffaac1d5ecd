package io.locky.autoconfigure;

import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * A container that waits to be started by who needs it, because Redis may not be there
 * when the application starts. It has a place in the life cycle of its own in order not
 * to end before those who listen.
 */
class LockyMessageListenerContainer extends RedisMessageListenerContainer {

	@Override
	public boolean isAutoStartup() {
		return false;
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 4;
	}

}
