package io.locky.faults.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.faults.history.Entry;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import io.locky.internal.lock.LockyRuntime;
import io.locky.testing.LockyFixture;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Two instances of the library in this JVM, and clients that lock with them.
 */
public final class EngineRun {

	private static final int CLIENTS = 6;

	private final List<Entry> history = Collections.synchronizedList(new ArrayList<>());

	private final LockyFixture fixture;

	private final RedisConnectionFactory connection;

	private EngineRun(RedisConnectionFactory connection, RedisConnectionFactory admin) {
		this.fixture = new LockyFixture(connection, admin);
		this.connection = connection;
	}

	/**
	 * Runs clients until they have made some calls, and waits until all leases are over.
	 * @param connection the access to Redis
	 * @param admin another access, for what is no call of a client
	 * @param seed what the clients do depends on it
	 * @param calls how many calls they make at least, unless that takes 15 s
	 * @return what they called and saw
	 * @throws InterruptedException if the caller does not wait
	 */
	public static List<Entry> run(RedisConnectionFactory connection, RedisConnectionFactory admin, long seed, int calls)
			throws InterruptedException {
		EngineRun run = new EngineRun(connection, admin);
		try {
			run.runClients(seed, calls);
			run.awaitEnds();
		}
		finally {
			run.fixture.close();
		}
		return List.copyOf(run.history);
	}

	private void runClients(long seed, int calls) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
		CountDownLatch half = new CountDownLatch(calls / 2);
		CountDownLatch all = new CountDownLatch(calls);
		List<LockyTemplate> instances = List.of(instance("p0"), instance("p1"));
		CountDownLatch left = new CountDownLatch(CLIENTS);
		for (int i = 0; i < CLIENTS; i++) {
			EngineClient client = new EngineClient(instances.get(i % 2), "p" + i % 2, "c" + i, seed + i, this.history);
			Thread thread = new Thread(() -> {
				while (System.nanoTime() < end && all.getCount() > 0) {
					client.call();
					half.countDown();
					all.countDown();
				}
				left.countDown();
			}, "engine-client-" + i);
			thread.setDaemon(true);
			thread.start();
		}
		half.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
		loseFence();
		left.await(30, TimeUnit.SECONDS);
	}

	/** What a counter does not survive. */
	private void loseFence() {
		this.fixture.redis().delete(this.fixture.key("r0", "fence"));
	}

	private LockyTemplate instance(String process) {
		LockySettings settings = this.fixture.settings().expiration(true).build();
		ApplicationEventPublisher publisher = (event) -> {
			if (event instanceof LockyEvent lock) {
				this.history.add(new Seen(process, type(lock), lock.getResource(), lock.getLocker(), lock.getFence(),
						lock.isRemote(), lock.getOccurredAt().toEpochMilli(), System.nanoTime()));
			}
		};
		return this.fixture.start(LockyRuntime.keys(this.connection, settings), settings, publisher);
	}

	private static Type type(LockyEvent event) {
		if (event instanceof LockAcquiredEvent) {
			return (event instanceof LockTakenOverEvent) ? Type.TAKEN_OVER : Type.ACQUIRED;
		}
		if (event instanceof LockReleasedEvent) {
			return Type.RELEASED;
		}
		return (event instanceof LockExpiredEvent) ? Type.EXPIRED : Type.LOST;
	}

	private void awaitEnds() throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		CountDownLatch never = new CountDownLatch(1);
		while (System.nanoTime() < end && (size("deadlines") > 0 || size("unacked") > 0)) {
			never.await(10, TimeUnit.MILLISECONDS);
		}
	}

	private long size(String key) {
		return Objects.requireNonNull(this.fixture.redis().opsForZSet().size(this.fixture.key("r0", key)));
	}

}
