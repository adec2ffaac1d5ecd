package io.locky.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.testing.TestThreads;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Threads that lock, refresh and unlock without a break, each its own resources, and
 * remember the answers.
 */
final class FailoverLoad implements AutoCloseable {

	private static final int THREADS = 4;

	private final List<Future<?>> running = new ArrayList<>();

	private final LockyTemplate locks;

	/** Locks that are held, going by the answers. */
	private final Map<String, Long> held = new ConcurrentHashMap<>();

	private final Set<String> released = ConcurrentHashMap.newKeySet();

	private final AtomicInteger grants = new AtomicInteger();

	private final AtomicInteger errors = new AtomicInteger();

	private final AtomicInteger wronglyDenied = new AtomicInteger();

	private final AtomicInteger lostWhileInUse = new AtomicInteger();

	private final AtomicInteger fencesThatFell = new AtomicInteger();

	private final AtomicLong lastSuccess = new AtomicLong(System.nanoTime());

	private final AtomicLong longestSilence = new AtomicLong();

	private volatile boolean ended;

	FailoverLoad(LockyTemplate locks) {
		this.locks = locks;
		for (int i = 0; i < THREADS; i++) {
			int number = i;
			this.running.add(TestThreads.run(() -> run(number)));
		}
	}

	private void run(int thread) {
		long lastFence = 0;
		for (int i = 0; !this.ended; i++) {
			String resource = "load:" + thread + ":" + i;
			try {
				use(resource, i % 2 == 0);
				long fence = steal("fence:" + thread);
				if (fence <= lastFence) {
					this.fencesThatFell.incrementAndGet();
				}
				lastFence = fence;
				succeeded();
			}
			catch (DataAccessException ex) {
				// The state of the lock is unknown.
				this.held.remove(resource);
				this.errors.incrementAndGet();
			}
		}
	}

	/** A resource that no other thread uses, so that there is no reason for a refusal. */
	private void use(String resource, boolean keep) {
		if (!this.locks.lock(resource, "ann")) {
			this.wronglyDenied.incrementAndGet();
			return;
		}
		this.grants.incrementAndGet();
		this.held.put(resource, System.nanoTime());
		if (!this.locks.refresh(resource, "ann")) {
			this.lostWhileInUse.incrementAndGet();
			this.held.remove(resource);
		}
		else if (!keep) {
			this.held.remove(resource);
			if (this.locks.unlock(resource, "ann")) {
				this.released.add(resource);
			}
			else {
				this.lostWhileInUse.incrementAndGet();
			}
		}
	}

	private long steal(String resource) {
		LockRequest theft = LockRequest.of(resource).by("ann").force();
		return ((LockAttempt.Acquired) this.locks.tryLock(theft)).handle().fence();
	}

	private void succeeded() {
		long now = System.nanoTime();
		long silence = now - this.lastSuccess.getAndSet(now);
		this.longestSilence.accumulateAndGet(silence, Math::max);
	}

	int grants() {
		return this.grants.get();
	}

	void verify(String what) throws Exception {
		close();
		for (Future<?> future : this.running) {
			future.get();
		}
		Map<String, LockInfo> still = this.locks.findAll(this.held.keySet());
		Map<String, LockInfo> back = this.locks.findAll(this.released);
		System.out.printf(
				"%s: %d grants, %d errors, %d acknowledged locks lost (%d noticed in use), %d released that came "
						+ "back, 0 wrong refusals, 0 falling fences, nothing worked for %d ms%n",
				what, this.grants.get(), this.errors.get(), this.held.size() - still.size() + this.lostWhileInUse.get(),
				this.lostWhileInUse.get(), back.size(), this.longestSilence.get() / 1_000_000);
		assertThat(this.wronglyDenied).hasValue(0);
		assertThat(this.fencesThatFell).hasValue(0);
	}

	@Override
	public void close() {
		this.ended = true;
	}

}
