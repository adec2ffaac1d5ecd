package io.locky.faults.run;

import java.time.Duration;

import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.faults.history.Call.Operation;

/**
 * What a test lets an application do at a certain moment.
 */
final class AppCommands {

	private final LockyTemplate locks;

	private final Client client;

	AppCommands(LockyTemplate locks, Client client) {
		this.locks = locks;
		this.client = client;
	}

	String obey(String[] words) {
		return switch (words[0]) {
			case "lock" -> lock(words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
			case "status" -> this.locks.status().toString().replace('\n', ' ');
			default -> throw new IllegalArgumentException(words[0]);
		};
	}

	/** Acquires one lock, and perhaps waits for it. */
	private String lock(String resource, long ttl, long waitMillis) {
		LockRequest request = this.client.request(resource, ttl);
		long called = System.nanoTime();
		LockHandle handle = this.client.acquire(Operation.ACQUIRE,
				(waitMillis > 0) ? request.waitUpTo(Duration.ofMillis(waitMillis)) : request);
		return (handle != null) ? "granted %d %d %d".formatted(handle.fence(), called, System.nanoTime()) : "denied";
	}

}
