package io.locky.internal.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.internal.lock.RequestMeasurements.Measurement;
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
	 * Acquires all of them or none. Locks of several partitions are acquired in the order
	 * of the partitions, so that two callers with the same resources do not both fail.
	 * @param resources the resources to lock, from 1 to 1000
	 * @param locker the locker that will hold them
	 * @return whether all were free
	 */
	public boolean lockAll(Collection<?> resources, Object locker) {
		List<String> names = resources.stream().map(LockNames::resource).distinct().sorted().toList();
		Assert.isTrue(!names.isEmpty() && names.size() <= MOST,
				() -> "'resources' must be from 1 to %d, but are %d".formatted(MOST, names.size()));
		Measurement measurement = this.measurements.begin(names.get(0));
		try {
			boolean granted = lockAll(names, LockNames.locker(locker));
			measurement.ended(granted ? Outcome.ACQUIRED : Outcome.DENIED);
			return granted;
		}
		finally {
			// Only after a failure: the first end counts.
			measurement.ended(Outcome.FAILED);
		}
	}

	private boolean lockAll(List<String> names, String locker) {
		List<List<OwnedLock>> acquired = new ArrayList<>();
		try {
			if (acquireAll(names, locker, acquired)) {
				return true;
			}
		}
		catch (RuntimeException ex) {
			releaseParts(acquired).forEach(ex::addSuppressed);
			throw ex;
		}
		List<RuntimeException> failures = releaseParts(acquired);
		if (!failures.isEmpty()) {
			throw failures.get(0);
		}
		return false;
	}

	/** Goes on with the other parts if one of them cannot be released. */
	private List<RuntimeException> releaseParts(List<List<OwnedLock>> acquired) {
		List<RuntimeException> failures = new ArrayList<>();
		for (List<OwnedLock> part : acquired) {
			try {
				this.leases.release(part);
			}
			catch (RuntimeException ex) {
				failures.add(ex);
				if (!Operations.isUnanswered(ex)) {
					this.releases.releaseLater(part, this.acquirer.ttl(PLAIN));
				}
			}
		}
		return failures;
	}

	private boolean acquireAll(List<String> names, String locker, List<List<OwnedLock>> acquired) {
		for (List<String> part : this.keys.byPartition(names)) {
			AcquireReply reply = this.acquirer.acquire(part, locker, this.acquirer.ttl(PLAIN), PLAIN).reply();
			if (!(reply instanceof AcquireReply.Granted granted)) {
				return false;
			}
			this.acquirer.publish(granted, locker, "");
			acquired.add(OwnedLock.byFences(granted.grants()));
		}
		return true;
	}

	/**
	 * Releases all locks of a locker, in portions.
	 * @param locker the locker
	 * @return how many were released
	 */
	public int unlockAll(String locker) {
		AtomicInteger released = new AtomicInteger();
		this.queries.forEachHeldBy(locker, (locks) -> released.addAndGet(release(locks)));
		return released.get();
	}

	/** By fence, so that a lock that changed hands since the list was read stays held. */
	private int release(List<LockInfo> locks) {
		int released = 0;
		for (List<String> batch : this.queries.batches(locks.stream().map(LockInfo::resource).toList())) {
			released += this.leases.release(locks.stream()
				.filter((lock) -> batch.contains(lock.resource()))
				.map((lock) -> new OwnedLock(lock.resource(), lock.locker(), Long.toString(lock.fence())))
				.toList());
		}
		return released;
	}

}
