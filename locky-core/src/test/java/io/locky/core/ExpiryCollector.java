package io.locky.core;

import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

import io.locky.event.LockExpiredEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.expiration.LockyExpirationWorker;
import io.locky.internal.redis.LockySignals;
import io.locky.testing.LockyFixture;

import static org.awaitility.Awaitility.await;

/**
 * A worker that remembers the fences of what expired.
 */
final class ExpiryCollector implements AutoCloseable {

	private final LockySignals signals;

	private final LockyExpirationWorker worker;

	private final LockyFixture fixture;

	private final Set<Long> fences;

	ExpiryCollector(LockyFixture fixture, Set<Long> fences) {
		this(fixture, fences, (event) -> {
		});
	}

	ExpiryCollector(LockyFixture fixture, Set<Long> fences, Consumer<LockyEvent> first) {
		this.fixture = fixture;
		this.fences = fences;
		this.signals = fixture.newSignals();
		this.worker = new LockyExpirationWorker(fixture.redis(), fixture.keys(), this.signals,
				new LockyEventPublisher((event) -> {
					first.accept((LockyEvent) event);
					fences.add(((LockyEvent) event).getFence());
				}), Duration.ofMinutes(1), 4);
		this.worker.start();
	}

	void awaitAll(int count) {
		await().atMost(Duration.ofSeconds(30)).until(() -> {
			this.fixture.events(LockExpiredEvent.class).forEach((found) -> this.fences.add(found.getFence()));
			return this.fences.size() >= count;
		});
	}

	@Override
	public void close() {
		this.worker.stop();
		this.signals.stop();
	}

}
