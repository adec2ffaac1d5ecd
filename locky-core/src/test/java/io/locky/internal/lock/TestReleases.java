package io.locky.internal.lock;

import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.event.OwnEvents;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScriptRunner;

/**
 * Refreshes and releases without a runtime, and without listeners.
 */
final class TestReleases {

	private TestReleases() {
	}

	static Leases leases(ScriptRunner scripts, LockyKeys keys) {
		LockCommands commands = new LockCommands(keys);
		LockyEventPublisher events = new LockyEventPublisher((event) -> {
		});
		return new Leases(
				scripts, commands, null, new Releases(scripts, commands, new Operations(System::nanoTime),
						(resource) -> null, events, new OwnEvents(events, false), new CleanUp(System::nanoTime)),
				events);
	}

}
