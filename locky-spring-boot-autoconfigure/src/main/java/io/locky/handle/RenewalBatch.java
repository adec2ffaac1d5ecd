package io.locky.handle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import io.locky.redis.LockyKeys;
import io.locky.redis.OwnedLock;
import io.locky.redis.RefreshReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews, or gives back, many handles with few commands.
 */
final class RenewalBatch {

	private static final Logger logger = LoggerFactory.getLogger(RenewalBatch.class);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

	private static final int MOST = 500;

	private final Leases leases;

	private final LockyKeys keys;

	private final LongSupplier ticker;

	RenewalBatch(Leases leases, LockyKeys keys, LongSupplier ticker) {
		this.leases = leases;
		this.keys = keys;
		this.ticker = ticker;
	}

	/**
	 * Renews what is due, and marks as lost what could not be renewed within its lease.
	 * @param renewals all renewals
	 * @return the time until the next one is due
	 */
	Duration renewDue(Collection<Renewal> renewals) {
		long now = this.ticker.getAsLong();
		List<Renewal> due = renewals.stream().filter((renewal) -> renewal.isDue(now)).toList();
		forEachBatch(due, this::renew);
		long after = this.ticker.getAsLong();
		renewals.stream()
			.map(Renewal::handle)
			.filter((handle) -> handle.isPast(after))
			.toList()
			.forEach(FencedLockHandle::lose);
		return Duration.ofNanos(renewals.stream()
			.mapToLong((renewal) -> Math.max(0, renewal.nanosUntilDue(after)))
			.min()
			.orElse(LONGEST_PAUSE.toNanos()));
	}

	private void renew(List<Renewal> due) {
		long sent = this.ticker.getAsLong();
		try {
			List<RefreshReply> replies = this.leases.refresh(locks(due));
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
	 * Gives locks back. Those that Redis does not hear of end with their lease.
	 * @param held the locks
	 */
	void release(List<Renewal> held) {
		forEachBatch(held.stream().filter((renewal) -> renewal.handle().closeSilently()).toList(), (batch) -> {
			try {
				this.leases.release(locks(batch));
			}
			catch (RuntimeException ex) {
				logger.warn("{} locks could not be released and end with their leases: {}", batch.size(),
						ex.getMessage());
			}
		});
	}

	private void forEachBatch(List<Renewal> renewals, Consumer<List<Renewal>> action) {
		Map<Object, List<Renewal>> byPartition = renewals.stream()
			.collect(Collectors.groupingBy((renewal) -> this.keys.partitionOf(renewal.handle().resource())));
		for (List<Renewal> partition : byPartition.values()) {
			for (int from = 0; from < partition.size(); from += MOST) {
				action.accept(new ArrayList<>(partition.subList(from, Math.min(from + MOST, partition.size()))));
			}
		}
	}

	private static List<OwnedLock> locks(List<Renewal> renewals) {
		return renewals.stream().map((renewal) -> renewal.handle().lock()).toList();
	}

}
