package io.locky.internal.lock;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.locky.LockRefresh;
import io.locky.UnreadableLockException;
import io.locky.internal.lock.Renewals.Renewal;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.metrics.LockyMetrics;
import io.locky.metrics.LockyMetrics.LossReason;
import io.locky.metrics.LockyMetrics.RenewalResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews many handles with few commands, and releases them in the same way: up to 500
 * locks of a partition share a command.
 */
final class RenewalBatch {

	private static final Logger logger = LoggerFactory.getLogger(RenewalBatch.class);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	private static final int MOST = 500;

	/** The most renewals that are sent beside others, so that there are threads left. */
	private static final int MOST_BESIDE = 192;

	private final Leases leases;

	private final LockyKeys keys;

	private final ServerClock clock;

	private final LockyMetrics metrics;

	private final Executor threads;

	private final Runnable wake;

	private final Map<LockyPartition, PendingRenewals> pending = new ConcurrentHashMap<>();

	private final AtomicInteger beside = new AtomicInteger();

	/**
	 * Creates the work of a renewer.
	 * @param leases refreshes and releases grants
	 * @param keys the names of the keys
	 * @param clock the clock of the handles, and that of Redis
	 * @param metrics counts the renewals
	 * @param threads where partitions are renewed side by side: a node that hangs must
	 * not cost the locks of the others
	 * @param wake called when a partition is done
	 */
	RenewalBatch(Leases leases, LockyKeys keys, ServerClock clock, LockyMetrics metrics, Executor threads,
			Runnable wake) {
		this.leases = leases;
		this.keys = keys;
		this.clock = clock;
		this.metrics = metrics;
		this.threads = threads;
		this.wake = wake;
	}

	/**
	 * Starts to renew what is due, and marks handles as lost whose lease has run out.
	 * @param renewals all renewals
	 * @return the time until the next renewal is due, or the next lease ends
	 */
	Duration renewDue(Collection<Renewal> renewals) {
		long now = this.clock.nanoTime();
		byPartition(renewals.stream().filter((renewal) -> renewal.isDue(now) && !renewal.handle().isPast(now)).toList())
			.forEach((partition, due) -> renewUnlessTooSoon(partition, due, now));
		long after = this.clock.nanoTime();
		renewals.stream()
			.map(Renewal::handle)
			.filter((handle) -> handle.isPast(after))
			.toList()
			.forEach((handle) -> handle.markLost(LossReason.EXPIRED));
		return Duration.ofNanos(renewals.stream()
			.mapToLong((renewal) -> nanosUntilNextStep(renewal, after))
			.min()
			.orElse(LONGEST_PAUSE.toNanos()));
	}

	/** The end of a lease is a step, too: a renewal may be unable to move it. */
	private long nanosUntilNextStep(Renewal renewal, long now) {
		long untilRenewal = Math.max(renewal.nanosUntilDue(now),
				pending(partition(renewal)).nanosUntilNext(now, renewal.period()));
		return Math.max(0, Math.min(untilRenewal, renewal.handle().nanosUntilPast(now)));
	}

	private void renewUnlessTooSoon(LockyPartition partition, List<Renewal> due, long now) {
		PendingRenewals before = pending(partition);
		long period = due.stream().mapToLong(Renewal::period).min().orElse(0);
		if (before.nanosUntilNext(now, period) <= 0) {
			boolean isBeside = before.isWaiting();
			if (!isBeside || this.beside.get() < MOST_BESIDE) {
				start(before, isBeside, due, now);
			}
			else {
				before.postpone(now);
			}
		}
	}

	private void start(PendingRenewals all, boolean isBeside, List<Renewal> due, long now) {
		Object renewal = all.add(now);
		boolean started = false;
		try {
			this.threads.execute(() -> renewAll(all, renewal, isBeside, due));
			started = true;
		}
		finally {
			if (!started) {
				all.failed(renewal);
			}
		}
	}

	private void renewAll(PendingRenewals all, Object renewal, boolean isBeside, List<Renewal> due) {
		this.beside.addAndGet(isBeside ? 1 : 0);
		try {
			AtomicBoolean answered = new AtomicBoolean(true);
			forEachBatch(due, (batch) -> answered.compareAndSet(true, renew(batch)));
			if (answered.get()) {
				all.answered(renewal);
			}
		}
		finally {
			all.failed(renewal);
			this.beside.addAndGet(isBeside ? -1 : 0);
			this.wake.run();
		}
	}

	private PendingRenewals pending(LockyPartition partition) {
		return this.pending.computeIfAbsent(partition, (key) -> new PendingRenewals());
	}

	private LockyPartition partition(Renewal renewal) {
		return this.keys.partitionOf(renewal.handle().resource());
	}

	private Map<LockyPartition, List<Renewal>> byPartition(List<Renewal> renewals) {
		return renewals.stream().collect(Collectors.groupingBy(this::partition));
	}

	private boolean renew(List<Renewal> due) {
		long sent = this.clock.nanoTime();
		try {
			RefreshReply reply = this.leases.run(this.leases.refresh(locks(due)));
			this.clock.set(due.get(0).handle().resource(), reply.refreshedAt(), sent);
			for (int i = 0; i < due.size(); i++) {
				apply(reply.locks().get(i), due.get(i), sent);
			}
			return true;
		}
		catch (UnreadableLockException ex) {
			this.leases.unreadable().warn(ex);
			failed(due, sent);
			return true;
		}
		catch (Throwable ex) {
			logger.debug("{} locks could not be renewed now", due.size(), ex);
			failed(due, sent);
			return false;
		}
	}

	private void failed(List<Renewal> due, long sent) {
		this.metrics.renewed(RenewalResult.FAILED, due.size());
		due.forEach((renewal) -> renewal.failed(sent, this.clock.nanoTime()));
	}

	private void apply(@Nullable LockRefresh reply, Renewal renewal, long sent) {
		if (reply == null) {
			failed(List.of(renewal), sent);
			return;
		}
		boolean wasHeld = renewal.handle().isHeld();
		boolean held = renewal.handle().refreshed(sent, reply);
		if (wasHeld) {
			this.metrics.renewed(held ? RenewalResult.RENEWED : RenewalResult.LOST, 1);
		}
		renewal.succeeded(sent);
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
			this.leases.run(this.leases.release(locks(batch)));
		}
		catch (Throwable ex) {
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
