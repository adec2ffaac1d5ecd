package io.locky.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.internal.expiration.TestClaims;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.ScriptRunner;
import io.locky.internal.redis.SignalListener;
import io.locky.testing.CapturedLog;
import io.locky.testing.LockyFixture;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

import static org.awaitility.Awaitility.await;

/**
 * Each kind of call to Redis, once.
 */
class OperationsOfAllKinds {

	private static final Duration ACK_TIMEOUT = Duration.ofSeconds(30);

	private final LockyFixture fixture;

	private final LockyTemplate locks;

	OperationsOfAllKinds(LockyFixture fixture) {
		this.fixture = fixture;
		this.locks = fixture.template(Duration.ofMinutes(5));
	}

	/**
	 * Runs them all.
	 * @return the messages of those that fail
	 */
	List<String> failures() {
		List<String> failures = new ArrayList<>();
		List<Runnable> operations = List.of(() -> this.locks.lock("x", "ann"), () -> this.locks.refresh("x", "ann"),
				() -> this.locks.find("x"), () -> this.locks.list(LockQuery.all()), this::waitInVain,
				() -> this.locks.unlock("x", "ann"), this::releaseSeveral, this::expire, this::subscribe);
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

	private void waitInVain() {
		this.locks.lock(LockRequest.of("x").by("bob").waitUpTo(Duration.ofMillis(100)));
	}

	private void releaseSeveral() {
		this.locks.lockAll(List.of("v", "w"), "eve");
		this.locks.unlockAll("eve");
	}

	private void expire() {
		this.locks.lock(LockRequest.of("y").by("ann").ttl(Duration.ofMillis(1)));
		ScriptRunner scripts = this.fixture.scripts();
		TestClaims claims = new TestClaims(this.fixture);
		claims.awaitDue(scripts);
		claims.acknowledge(scripts, claims.claim(scripts, 1, ACK_TIMEOUT));
	}

	private void subscribe() {
		try (CapturedLog log = new CapturedLog(); LockySignals signals = this.fixture.newSignals()) {
			signals.subscribe();
			await().until(() -> signals.isSubscribed() || !log.messages(Level.WARN).isEmpty());
			if (!signals.isSubscribed()) {
				throw new IllegalStateException(log.messages(Level.WARN).get(0));
			}
		}
	}

	/**
	 * Whether the message of a release arrives, for which somebody waits.
	 * @param within how long to wait for it
	 * @return whether it is
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean hintArrives(Duration within) throws InterruptedException {
		LockySignals signals = this.fixture.newSignals();
		CountDownLatch released = new CountDownLatch(1);
		signals.addListener(new SignalListener() {
			@Override
			public void turn(String waiter, String resource) {
				released.countDown();
			}
		});
		signals.subscribe();
		await().until(signals::isSubscribed);
		this.locks.lock("x", "ann");
		// The waiter is one of another application: its own would need no hint.
		this.fixture.template(null).tryLockAsync(LockRequest.of("x").by("bob").waitUpTo(Duration.ofMinutes(1)));
		await().until(() -> Boolean.TRUE.equals(this.fixture.redis().hasKey(this.fixture.key("x", "waiting"))));
		this.locks.unlock("x", "ann");
		boolean heard = released.await(within.toMillis(), TimeUnit.MILLISECONDS);
		signals.close();
		return heard;
	}

}
