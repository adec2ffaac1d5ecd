package io.locky.internal.expiration;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.event.LockExpiredEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockySignals;
import io.locky.testing.LockyFixture;

import org.springframework.data.redis.connection.RedisConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * A worker that receives only the hints of the test: its channel is not that of the
 * scripts.
 */
final class LookFixture implements AutoCloseable {

	private final List<Long> lags = new CopyOnWriteArrayList<>();

	private final LockyFixture fixture;

	private final LockySignals signals;

	private final LockyExpirationWorker worker;

	LookFixture(LockyFixture fixture, RedisConnectionFactory connections, LockyKeys keys) {
		this.fixture = fixture;
		this.signals = new LockySignals(connections, channel());
		this.worker = new LockyExpirationWorker(fixture.scripts(), keys, this.signals,
				new LockyEventPublisher((event) -> record((LockExpiredEvent) event)), Duration.ofSeconds(30), 2);
		this.signals.addListener(this.worker);
		this.worker.start();
		await().until(this.signals::isSubscribed);
	}

	private String channel() {
		return this.fixture.prefix() + "test";
	}

	private void record(LockExpiredEvent event) {
		this.lags.add(System.currentTimeMillis() - event.getOccurredAt().toEpochMilli());
	}

	void hint(String text) {
		this.fixture.redis().convertAndSend(channel(), text);
	}

	/**
	 * How late expiries were published.
	 * @return the milliseconds, by the clock of this machine, which Redis shares
	 */
	List<Long> lags() {
		return this.lags;
	}

	long medianLag() {
		return this.lags.stream().sorted().skip(this.lags.size() / 2).findFirst().orElseThrow();
	}

	@Override
	public void close() {
		this.worker.stop();
		this.signals.close();
	}

}
