package io.locky.internal.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.internal.redis.LockyKeys;

import org.springframework.util.Assert;

/**
 * Takes and gives back several locks.
 */
public final class MultiLock {

	private static final int MOST = 1000;

	private final LockAcquirer acquirer;

	private final Leases leases;

	private final LockQueries queries;

	private final LockyKeys keys;

	MultiLock(LockAcquirer acquirer, Leases leases, LockQueries queries, LockyKeys keys) {
		this.acquirer = acquirer;
		this.leases = leases;
		this.queries = queries;
		this.keys = keys;
	}

	/**
	 * Takes all of them or none. The parts of several partitions are taken in the order
	 * of the partitions, so that two callers never wait for each other.
	 * @param resources what to lock
	 * @param locker who will hold them
	 * @return whether all were free
	 */
	public boolean lockAll(Collection<?> resources, Object locker) {
		List<String> names = resources.stream().map(LockNames::resource).distinct().sorted().toList();
		Assert.isTrue(!names.isEmpty() && names.size() <= MOST,
				() -> "'resources' must be from 1 to %d, but are %d".formatted(MOST, names.size()));
		List<List<OwnedLock>> taken = new ArrayList<>();
		try {
			if (takeAll(names, LockNames.locker(locker), taken)) {
				return true;
			}
		}
		catch (RuntimeException ex) {
			giveBack(taken).forEach(ex::addSuppressed);
			throw ex;
		}
		List<RuntimeException> failures = giveBack(taken);
		if (!failures.isEmpty()) {
			throw failures.get(0);
		}
		return false;
	}

	/** Each part, also if another one cannot be given back. */
	private List<RuntimeException> giveBack(List<List<OwnedLock>> taken) {
		List<RuntimeException> failures = new ArrayList<>();
		for (List<OwnedLock> part : taken) {
			try {
				this.leases.release(part);
			}
			catch (RuntimeException ex) {
				failures.add(ex);
			}
		}
		return failures;
	}

	private boolean takeAll(List<String> names, String locker, List<List<OwnedLock>> taken) {
		for (List<String> part : this.keys.byPartition(names)) {
			LockRequest plain = LockRequest.of(part.get(0)).by(locker);
			AcquireReply reply = this.acquirer.acquire(part, locker, this.acquirer.ttl(plain.options()),
					plain.options());
			if (!(reply instanceof AcquireReply.Granted granted)) {
				return false;
			}
			this.acquirer.publish(granted, locker);
			taken.add(LockAcquirer.owned(granted.grants()));
		}
		return true;
	}

	/**
	 * Releases all locks of a locker, page by page.
	 * @param locker the locker
	 * @return how many were released
	 */
	public int unlockAll(String locker) {
		int released = 0;
		LockQuery query = LockQuery.all().heldBy(locker).limit(1000);
		LockPage page = this.queries.list(query);
		released += release(page.locks());
		while (page.cursor() != null) {
			page = this.queries.list(query.after(page.cursor()));
			released += release(page.locks());
		}
		return released;
	}

	/** By fence, so that a lock which changed hands since the list was read is kept. */
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
