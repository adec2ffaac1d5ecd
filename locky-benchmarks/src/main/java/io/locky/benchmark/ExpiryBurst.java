package io.locky.benchmark;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.locky.core.LockyTemplate;
import io.locky.event.LockExpiredEvent;

/**
 * Measures how late expiries are published when very many locks expire within seconds.
 */
public final class ExpiryBurst {

	private final int locks;

	private final Duration window;

	private final long[] lags;

	private final AtomicInteger published = new AtomicInteger();

	private final AtomicLong sum = new AtomicLong();

	private final CountDownLatch all;

	private ExpiryBurst(int locks, Duration window) {
		this.locks = locks;
		this.window = window;
		this.lags = new long[locks];
		this.all = new CountDownLatch(locks);
	}

	/**
	 * Measures.
	 * @param args the number of locks, the seconds within which they expire, then one or
	 * more numbers of workers
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		int locks = (args.length > 0) ? Integer.parseInt(args[0]) : 1_000_000;
		Duration window = Duration.ofSeconds((args.length > 1) ? Integer.parseInt(args[1]) : 8);
		int[] workers = (args.length > 2) ? Arrays.stream(args).skip(2).mapToInt(Integer::parseInt).toArray()
				: new int[] { 1, 4 };
		for (int count : workers) {
			try (BenchmarkRedis redis = new BenchmarkRedis()) {
				new ExpiryBurst(locks, window).measure(redis, count);
			}
		}
	}

	private void measure(BenchmarkRedis redis, int count) throws InterruptedException {
		long first = System.currentTimeMillis() + 5000 + this.locks / 20;
		HeldLocks.acquire(redis, this.locks, (part) -> {
			long deadline = first + this.window.toMillis() * part * HeldLocks.PART / this.locks;
			return Duration.ofMillis(deadline - System.currentTimeMillis());
		});
		long left = first - System.currentTimeMillis();
		if (left < 1000) {
			throw new IllegalStateException("This machine is too slow: locks expired while others were acquired");
		}
		List<LockyTemplate> workers = IntStream.range(0, count)
			.mapToObj((i) -> redis.publishing(this::record))
			.toList();
		this.all.await(left + this.window.toMillis() + 60_000, TimeUnit.MILLISECONDS);
		workers.forEach(LockyTemplate::close);
		report(count);
	}

	private void record(LockExpiredEvent event) {
		int place = this.published.getAndIncrement();
		this.sum.addAndGet(Long.parseLong(event.getResource().substring("article:".length())));
		if (place < this.lags.length) {
			this.lags[place] = System.currentTimeMillis() - event.getOccurredAt().toEpochMilli();
		}
		this.all.countDown();
	}

	private void report(int workers) {
		Arrays.sort(this.lags);
		boolean onceEach = this.published.get() == this.locks
				&& this.sum.get() == (long) this.locks * (this.locks - 1) / 2;
		System.out.printf(
				"%,d locks expiring within %d s, %d workers: %,d published, %s, median %d ms, p99 %d ms, max %d ms%n",
				this.locks, this.window.toSeconds(), workers, this.published.get(),
				onceEach ? "each once" : "NOT each once", this.lags[this.locks / 2],
				this.lags[(int) Math.ceil(this.locks * 0.99) - 1], this.lags[this.locks - 1]);
	}

}
