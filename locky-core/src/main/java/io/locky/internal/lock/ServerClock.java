package io.locky.internal.lock;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.locky.internal.redis.LockyKeys;
import org.jspecify.annotations.Nullable;

/**
 * The clock of Redis, continued on this instance: each reply with a time of the server
 * sets it, and the monotonic clock moves it on. It is right to within half the round trip
 * of that reply. On Redis Cluster each partition has its own, because nodes differ.
 */
final class ServerClock {

	private final LockyKeys keys;

	private final LongSupplier ticker;

	/** By partition: the time of the server minus that of the ticker, in nanoseconds. */
	private final Map<Integer, Long> offsets = new ConcurrentHashMap<>();

	private volatile @Nullable Long lastOffset;

	/**
	 * Creates a clock that is not set yet.
	 * @param keys the names of the keys
	 * @param ticker the monotonic clock, in nanoseconds
	 */
	ServerClock(LockyKeys keys, LongSupplier ticker) {
		this.keys = keys;
		this.ticker = ticker;
	}

	/**
	 * The monotonic clock, which measures leases.
	 * @return the time in nanoseconds
	 */
	long nanoTime() {
		return this.ticker.getAsLong();
	}

	/**
	 * Sets the clock by a reply that has just arrived.
	 * @param resource a resource of the partition that replied
	 * @param time the time of the server in the reply
	 * @param sent when the command was sent, by the monotonic clock
	 */
	void set(String resource, Instant time, long sent) {
		long halfway = sent + (nanoTime() - sent) / 2;
		long offset = TimeUnit.MILLISECONDS.toNanos(time.toEpochMilli()) - halfway;
		this.offsets.put(partition(resource), offset);
		this.lastOffset = offset;
	}

	/**
	 * The time of the server. Before any reply, it is that of this instance.
	 * @param resource a resource of the partition
	 * @return the time
	 */
	Instant now(String resource) {
		Long offset = this.offsets.getOrDefault(partition(resource), this.lastOffset);
		return (offset != null) ? Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(nanoTime() + offset))
				: Instant.now();
	}

	private int partition(String resource) {
		return this.keys.partitionOf(resource).number();
	}

}
