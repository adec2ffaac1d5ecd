package io.locky.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.core.FleetHistory.Seen;
import io.locky.core.FleetHistory.Type;
import io.locky.core.FleetHistory.Use;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * One of several instances that lock the same few resources at random, with connections
 * of its own.
 */
final class FleetMember implements AutoCloseable {

	private static final int THREADS = 2;

	private static final int RESOURCES = 3;

	private final String name;

	private final LettuceConnectionFactory connections;

	private final LockyTemplate locks;

	private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

	private final Queue<Use> uses = new ConcurrentLinkedQueue<>();

	private final AtomicInteger missed = new AtomicInteger();

	private final Map<String, Integer> failures = new ConcurrentHashMap<>();

	private volatile boolean ended;

	FleetMember(String name, int port, String prefix) {
		this.name = name;
		this.connections = TestRedis.connect("127.0.0.1", port, Duration.ofSeconds(1));
		LockySettings settings = LockySettings.builder()
			.prefix(prefix)
			.broadcast(true)
			.instance(name)
			.startupCheck(false)
			.build();
		this.locks = new LockyTemplate(new StringRedisTemplate(this.connections), settings, this::on);
		this.locks.start();
	}

	private void on(Object event) {
		if (event instanceof LockEventsMissedEvent) {
			this.missed.incrementAndGet();
		}
		else if (event instanceof LockyEvent lock) {
			Type type = type(lock);
			if (type != null) {
				this.seen.add(new Seen(type, lock.getResource(), lock.getFence(), lock.isRemote()));
			}
		}
	}

	private static @Nullable Type type(LockyEvent event) {
		if (event instanceof LockAcquiredEvent) {
			return (event instanceof LockTakenOverEvent) ? Type.TAKEN_OVER : Type.ACQUIRED;
		}
		if (event instanceof LockReleasedEvent) {
			return Type.RELEASED;
		}
		return (event instanceof LockExpiredEvent) ? Type.EXPIRED : null;
	}

	/**
	 * Locks at random until the end.
	 * @return when it has ended
	 */
	List<CompletableFuture<Void>> run() {
		return IntStream.range(0, THREADS)
			.mapToObj((thread) -> TestThreads.run(() -> lockAtRandom(this.name + "-" + thread)))
			.toList();
	}

	private void lockAtRandom(String locker) {
		while (!this.ended) {
			try {
				lockOnce("r" + random(0, RESOURCES), locker);
			}
			catch (DataAccessException ex) {
				// Whether it was done is unknown. If it was, the events must come all the
				// same.
				this.failures.merge(ex.getClass().getSimpleName(), 1, Integer::sum);
			}
			pause(1, 10);
		}
	}

	private void lockOnce(String resource, String locker) {
		int dice = random(0, 100);
		if (dice < 70) {
			LockRequest request = request(resource, locker);
			use((random(0, 16) == 0) ? request.autoRenew() : request);
		}
		else if (dice < 80) {
			if (this.locks.lock(request(resource, locker)) && random(0, 2) == 0) {
				this.locks.unlock(resource, locker);
			}
		}
		else if (dice < 84) {
			this.locks.unlock(resource);
		}
		else if (dice < 92) {
			this.locks.refresh(resource, locker);
		}
		else {
			this.locks.find(resource);
		}
	}

	private static LockRequest request(String resource, String locker) {
		LockRequest request = LockRequest.of(resource).by(locker).ttl(Duration.ofMillis(random(50, 301)));
		int dice = random(0, 100);
		if (dice < 40) {
			return request.waitUpTo(Duration.ofMillis(random(50, 501)));
		}
		return (dice < 48) ? request.force() : request;
	}

	private void use(LockRequest request) {
		long called = System.nanoTime();
		LockAttempt attempt = this.locks.tryLock(request);
		if (attempt instanceof LockAttempt.Acquired acquired) {
			use(acquired.handle(), called, System.nanoTime());
		}
	}

	private void use(LockHandle handle, long called, long granted) {
		long lastValid = lastValid(handle, called);
		boolean release = random(0, 10) < 8;
		boolean released = false;
		try {
			for (int i = random(0, 5); i > 0 && handle.isValid(); i--) {
				lastValid = lastValid(handle, lastValid);
				pause(1, 20);
				if (random(0, 4) == 0) {
					handle.refresh();
				}
				lastValid = lastValid(handle, lastValid);
			}
			while (!release && !this.ended && handle.isValid()) {
				lastValid = lastValid(handle, lastValid);
				pause(1, 5);
			}
			released = release && handle.release();
		}
		finally {
			this.uses.add(new Use(handle.resource(), handle.fence(), called, granted, lastValid, released));
		}
	}

	/** The time is taken before the look: the handle was valid for at least as long. */
	private static long lastValid(LockHandle handle, long former) {
		long now = System.nanoTime();
		return handle.isValid() ? now : former;
	}

	private static int random(int from, int to) {
		return ThreadLocalRandom.current().nextInt(from, to);
	}

	private static void pause(int from, int to) {
		LockSupport.parkNanos(Duration.ofMillis(random(from, to)).toNanos());
	}

	void end() {
		this.ended = true;
	}

	String name() {
		return this.name;
	}

	List<Seen> seen() {
		return List.copyOf(this.seen);
	}

	List<Use> uses() {
		return List.copyOf(this.uses);
	}

	Map<String, Integer> failures() {
		return Map.copyOf(this.failures);
	}

	int missed() {
		return this.missed.get();
	}

	@Override
	public void close() {
		end();
		this.locks.close();
		this.connections.destroy();
	}

}
