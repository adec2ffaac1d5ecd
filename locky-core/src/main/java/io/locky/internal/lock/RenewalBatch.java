package io.locky.internal.lock;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import io.locky.LockRefresh;
import io.locky.internal.lock.Renewals.Renewal;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews many handles with few commands, and releases them in the same way: up to 500
 * locks of a partition share a command.
 */
final class RenewalBatch {

	private static final Logger logger = LoggerFactory.getLogger(RenewalBatch.class);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	/** While Redis hangs: leases end all the same. */
	private static final Duration SHORT_PAUSE = Duration.ofMillis(500);

	private static final int MOST = 500;

	private final Leases leases;

	private final LockyKeys keys;

	private final LongSupplier ticker;

	private final Executor threads;

	private final Runnable wake;

	/** A renewal of these was sent and is not answered yet; perhaps Redis hangs. */
	private final Set<LockyPartition> inFlight = ConcurrentHashMap.newKeySet();

	/**
	 * Creates the work of a renewer.
	 * @param leases refreshes and releases grants
	 * @param keys the names of the keys
	 * @param ticker the clock of the handles, in nanoseconds
	 * @param threads where partitions are renewed side by side: a node that hangs must
	 * not cost the locks of the others
	 * @param wake called when a partition is done
	 */
	RenewalBatch(Leases leases, LockyKeys keys, LongSupplier ticker, Executor threads, Runnable wake) {
		this.leases = leases;
		this.keys = keys;
		this.ticker = ticker;
		this.threads = threads;
		this.wake = wake;
	}

	/**
	 * Starts to renew what is due, and marks handles as lost whose lease has run out.
	 * @param renewals all renewals
	 * @return the time until the next renewal is due, or the next lease ends
	 */
	Duration renewDue(Collection<Renewal> renewals) {
		long now = this.ticker.getAsLong();
		byPartition(renewals.stream().filter((renewal) -> renewal.isDue(now) && !isInFlight(renewal)).toList())
			.forEach(this::start);
		long after = this.ticker.getAsLong();
		renewals.stream()
			.map(Renewal::handle)
			.filter((handle) -> handle.isPast(after))
			.toList()
			.forEach(FencedLockHandle::markLost);
		return Duration.ofNanos(renewals.stream()
			.mapToLong((renewal) -> nanosUntilNextStep(renewal, after))
			.min()
			.orElse(LONGEST_PAUSE.toNanos()));
	}

	/** The end of a lease is a step, too: a renewal may be unable to move it. */
	private long nanosUntilNextStep(Renewal renewal, long now) {
		long untilRenewal = isInFlight(renewal) ? SHORT_PAUSE.toNanos() : renewal.nanosUntilDue(now);
		return Math.max(0, Math.min(untilRenewal, renewal.handle().nanosUntilPast(now)));
	}

	private void start(LockyPartition partition, List<Renewal> due) {
		this.inFlight.add(partition);
		boolean started = false;
		try {
			this.threads.execute(() -> renewAll(partition, due));
			started = true;
		}
		finally {
			if (!started) {
				this.inFlight.remove(partition);
			}
		}
	}

	private void renewAll(LockyPartition partition, List<Renewal> due) {
		try {
			forEachBatch(due, this::renew);
		}
		finally {
			this.inFlight.remove(partition);
			this.wake.run();
		}
	}

	private boolean isInFlight(Renewal renewal) {
		return this.inFlight.contains(partition(renewal));
	}

	private LockyPartition partition(Renewal renewal) {
		return this.keys.partitionOf(renewal.handle().resource());
	}

	private Map<LockyPartition, List<Renewal>> byPartition(List<Renewal> renewals) {
		return renewals.stream().collect(Collectors.groupingBy(this::partition));
	}

	private void renew(List<Renewal> due) {
		long sent = this.ticker.getAsLong();
		try {
			List<LockRefresh> replies = this.leases.refresh(locks(due));
			for (int i = 0; i < replies.size(); i++) {
				due.get(i).handle().refreshed(sent, replies.get(i));
				due.get(i).succeeded(sent);
			}
		}
		catch (RuntimeException ex) {
			logger.debug("{} locks could not be renewed now", due.size(), ex);
			long now = this.ticker.getAsLong();
			due.forEach((renewal) -> renewal.failed(now));
		}
	}

	/**
	 * Closes handles and releases their locks. Where Redis does not answer, the locks end
	 * with their leases.
	 * @param renewals the renewals of the handles
	 * @return done when all partitions have answered
	 */
	CompletableFuture<Void> release(List<Renewal> renewals) {
		List<Renewal> held = renewals.stream().filter((renewal) -> renewal.handle().markClosed()).toList();
		return CompletableFuture.allOf(byPartition(held).values()
			.stream()
			.map((part) -> CompletableFuture.runAsync(() -> forEachBatch(part, this::releaseBatch), this.threads))
			.toArray(CompletableFuture<?>[]::new));
	}

	private void releaseBatch(List<Renewal> batch) {
		try {
			this.leases.release(locks(batch));
		}
		catch (RuntimeException ex) {
			logger.warn("{} locks could not be released and end with their leases: {}", batch.size(), ex.getMessage());
		}
	}

	private static void forEachBatch(List<Renewal> partition, Consumer<List<Renewal>> action) {
		for (int from = 0; from < partition.size(); from += MOST) {
			action.accept(partition.subList(from, Math.min(from + MOST, partition.size())));
		}
	}

	private static List<OwnedLock> locks(List<Renewal> renewals) {
		return renewals.stream().map((renewal) -> renewal.handle().lock()).toList();
	}

}
