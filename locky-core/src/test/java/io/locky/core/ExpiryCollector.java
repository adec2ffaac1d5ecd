package io.locky.core;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

import io.locky.LockySettings;
import io.locky.event.LockyEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.LockyFixture;

import static org.awaitility.Awaitility.await;

/**
 * A worker that remembers the fences of what expired.
 */
final class ExpiryCollector implements AutoCloseable {

	private final LockyRuntime runtime;

	private final Set<Long> fences;

	ExpiryCollector(LockyFixture fixture, Set<Long> fences) {
		this(fixture, fences, (event) -> {
		});
	}

	ExpiryCollector(LockyFixture fixture, Set<Long> fences, Consumer<LockyEvent> first) {
		this.fences = fences;
		LockySettings settings = fixture.settings().expiration(true).ackTimeout(Duration.ofMinutes(1)).build();
		this.runtime = new LockyRuntime(fixture.redis().getRequiredConnectionFactory(), fixture.keys(), settings,
				(event) -> {
					first.accept((LockyEvent) event);
					fences.add(((LockyEvent) event).getFence());
				});
		this.runtime.start();
	}

	void awaitAll(int count) {
		await().atMost(Duration.ofSeconds(30)).until(() -> this.fences.size() >= count);
	}

	@Override
	public void close() {
		this.runtime.close();
	}

}
