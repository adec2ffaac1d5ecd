package io.locky.internal.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.internal.lock.RequestMeasurements.Measurement;
import io.locky.internal.redis.Exchange;
import io.locky.internal.redis.LockyKeys;
import io.locky.metrics.LockyMetrics.Outcome;
import org.springframework.util.Assert;

/**
 * Acquires several locks at once, and releases all locks of a locker.
 */
public final class MultiLock {

	private static final int MOST = 1000;

	/** Every part is acquired without options. */
	private static final LockOptions PLAIN = LockRequest.of("any").by("any").options();

	private final LockAcquirer acquirer;

	private final Leases leases;

	private final LockQueries queries;

	private final LockyKeys keys;

	private final Releases releases;

	private final RequestMeasurements measurements;

	MultiLock(LockAcquirer acquirer, Leases leases, LockQueries queries, LockyKeys keys, Releases releases,
			RequestMeasurements measurements) {
		this.acquirer = acquirer;
		this.leases = leases;
		this.queries = queries;
		this.keys = keys;
		this.releases = releases;
		this.measurements = measurements;
	}

	/**
	 * The names of resources that are acquired together, in the order of that.
	 * @param resources the resources, from 1 to 1000
	 * @return their names
	 */
	public static List<String> names(Collection<?> resources) {
		List<String> names = resources.stream().map(LockNames::resource).distinct().sorted().toList();
		Assert.isTrue(!names.isEmpty() && names.size() <= MOST,
				() -> "'resources' must be from 1 to %d, but are %d".formatted(MOST, names.size()));
		return names;
	}

	/**
	 * Acquires all of them or none. Locks of several partitions are acquired in the order
	 * of the partitions, so that two callers with the same resources do not both fail.
	 * @param names the {@linkplain #names names} of the resources to lock
	 * @param locker the locker that will hold them
	 * @return what was acquired, empty if one of them was not free
	 */
	public Exchange<AcquiredLocks> lockAll(List<String> names, String locker) {
		Measurement measurement = this.measurements.begin(names.get(0));
		// After a failure, only the first end counts.
		return acquireAll(names, locker).map((acquired) -> {
			measurement.ended(acquired.isEmpty() ? Outcome.DENIED : Outcome.ACQUIRED);
			return acquired;
		}).atEnd(() -> measurement.ended(Outcome.FAILED));
	}

	private Exchange<AcquiredLocks> acquireAll(List<String> names, String locker) {
		AcquiredLocks acquired = new AcquiredLocks(new ArrayList<>());
		return Exchange.begin(() -> acquire(this.keys.byPartition(names).iterator(), locker, acquired))
			.onFailure((failure) -> releaseAll(acquired).then((failures) -> {
				failures.forEach(failure::addSuppressed);
				return Exchange.failed(failure);
			}))
			.then((granted) -> granted ? Exchange.of(acquired) : giveBack(acquired));
	}

	private Exchange<Boolean> acquire(Iterator<List<String>> parts, String locker, AcquiredLocks acquired) {
		if (!parts.hasNext()) {
			return Exchange.of(true);
		}
		return this.acquirer.acquire(parts.next(), locker, this.acquirer.ttl(PLAIN), PLAIN).then((attempt) -> {
			if (!(attempt.reply() instanceof AcquireReply.Granted granted)) {
				return Exchange.of(false);
			}
			this.acquirer.publish(granted, locker, "");
			acquired.parts().add(OwnedLock.byFences(granted.grants()));
			return acquire(parts, locker, acquired);
		});
	}

	/**
	 * Releases locks that were acquired together.
	 * @param acquired the locks
	 * @return no locks; fails if one of them could not be released now
	 */
	public Exchange<AcquiredLocks> giveBack(AcquiredLocks acquired) {
		return releaseAll(acquired).then((failures) -> failures.isEmpty() ? Exchange.of(new AcquiredLocks(List.of()))
				: Exchange.failed(failures.get(0)));
	}

	private Exchange<List<RuntimeException>> releaseAll(AcquiredLocks acquired) {
		return release(acquired.parts().iterator(), new ArrayList<>());
	}

	/** Goes on with the other parts if one of them cannot be released. */
	private Exchange<List<RuntimeException>> release(Iterator<List<OwnedLock>> parts, List<RuntimeException> failures) {
		if (!parts.hasNext()) {
			return Exchange.of(failures);
		}
		List<OwnedLock> part = parts.next();
		return this.leases.release(part).onFailure((failure) -> {
			failures.add(failure);
			if (!Operations.isUnanswered(failure)) {
				this.releases.releaseLater(part, this.acquirer.ttl(PLAIN));
			}
			return Exchange.of(0);
		}).then((released) -> release(parts, failures));
	}

	/**
	 * Releases all locks of a locker, in portions.
	 * @param locker the locker
	 * @return how many were released
	 */
	public Exchange<Integer> unlockAll(String locker) {
		return this.queries.forEachHeldBy(locker, this::release);
	}

	/** By fence, so that a lock that changed hands since the list was read stays held. */
	private Exchange<Integer> release(List<LockInfo> locks) {
		Map<String, OwnedLock> owned = new HashMap<>();
		locks.forEach((lock) -> owned.put(lock.resource(),
				new OwnedLock(lock.resource(), lock.locker(), Long.toString(lock.fence()))));
		return release(this.queries.batches(owned.keySet()).iterator(), owned, 0);
	}

	private Exchange<Integer> release(Iterator<List<String>> batches, Map<String, OwnedLock> owned, int released) {
		if (!batches.hasNext()) {
			return Exchange.of(released);
		}
		return this.leases.release(batches.next().stream().map(owned::get).toList())
			.then((count) -> release(batches, owned, released + count));
	}

	/**
	 * Locks that were acquired together.
	 *
	 * @param parts the locks of each partition
	 */
	public record AcquiredLocks(List<List<OwnedLock>> parts) {

		/**
		 * Whether nothing was acquired.
		 */
		public boolean isEmpty() {
			return this.parts.isEmpty();
		}

	}

}
