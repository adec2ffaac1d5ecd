package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.internal.expiration.DrainReply;
import io.locky.internal.expiration.ExpiryCommands;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.SignalListener;
import io.locky.testing.LockyFixture;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

import static org.awaitility.Awaitility.await;

/**
 * Everything that is asked of Redis, once.
 */
class OperationsOfAllKinds {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final LockyFixture fixture;

	private final LockyTemplate locks;

	private final LockyPartition partition;

	OperationsOfAllKinds(LockyFixture fixture) {
		this.fixture = fixture;
		this.locks = fixture.template(Duration.ofMinutes(5));
		this.partition = fixture.keys().partitions().get(0);
	}

	/**
	 * What fails.
	 * @return the messages
	 */
	List<String> failures() {
		List<String> failures = new ArrayList<>();
		List<Runnable> operations = List.of(() -> this.locks.lock("x", "ann"), () -> this.locks.refresh("x", "ann"),
				() -> this.locks.find("x"), () -> this.locks.list(LockQuery.all()), () -> this.locks.unlock("x", "ann"),
				this::expire, this::subscribe);
		for (Runnable operation : operations) {
			try {
				operation.run();
			}
			catch (DataAccessException | IllegalStateException ex) {
				failures.add(String.valueOf(NestedExceptionUtils.getMostSpecificCause(ex).getMessage()));
			}
		}
		return failures;
	}

	private void expire() {
		this.locks.lock(LockRequest.of("y").by("ann").ttl(Duration.ofMillis(1)));
		ExpiryCommands calls = new ExpiryCommands(this.fixture.keys());
		await().until(() -> this.fixture.scripts().run(ExpiryCommands.peek(this.partition)) == 0);
		DrainReply reply = DrainReply
			.of(this.fixture.scripts().run(calls.drain(this.partition, 1, List.of(), PATIENCE)));
		this.fixture.scripts().run(ExpiryCommands.acknowledge(this.partition, reply.claims()));
	}

	private void subscribe() {
		LockySignals signals = this.fixture.newSignals();
		signals.subscribe();
		boolean subscribed = signals.isRunning();
		signals.stop();
		if (!subscribed) {
			throw new IllegalStateException("There is no subscription");
		}
	}

	/**
	 * Whether the release of a lock is heard.
	 * @param within how long to wait for it
	 * @return whether it is
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean hintArrives(Duration within) throws InterruptedException {
		LockySignals signals = this.fixture.newSignals();
		CountDownLatch released = new CountDownLatch(1);
		signals.addListener(new SignalListener() {
			@Override
			public void released(String resource) {
				released.countDown();
			}
		});
		signals.subscribe();
		this.locks.lock("x", "ann");
		this.locks.unlock("x", "ann");
		boolean heard = released.await(within.toMillis(), TimeUnit.MILLISECONDS);
		signals.stop();
		return heard;
	}

}
