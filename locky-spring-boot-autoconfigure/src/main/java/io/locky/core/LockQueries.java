package io.locky.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.blocking.ScriptRunner;
import io.locky.redis.HeldLock;
import io.locky.redis.LockyCalls;
import io.locky.redis.LockyKeys;
import io.locky.redis.LockyPartition;
import io.locky.redis.ScanReply;

/**
 * Asks who holds what.
 */
final class LockQueries {

	/**
	 * How many scans one page may take, and one for each partition: most of them find
	 * nothing of a rare locker.
	 */
	private static final int SCANS = 10;

	private final ScriptRunner scripts;

	private final LockyCalls calls;

	private final LockyKeys keys;

	LockQueries(ScriptRunner scripts, LockyCalls calls, LockyKeys keys) {
		this.scripts = scripts;
		this.calls = calls;
		this.keys = keys;
	}

	Optional<LockInfo> find(Object resource) {
		return find(List.of(LockNames.resource(resource))).stream().findFirst().map(LockQueries::info);
	}

	Map<String, LockInfo> findAll(Collection<?> resources) {
		List<String> names = resources.stream().map(LockNames::resource).distinct().toList();
		Map<String, LockInfo> found = new LinkedHashMap<>();
		new Batches(this.keys).split(names).forEach((batch) -> {
			for (HeldLock lock : find(batch)) {
				found.put(lock.resource(), info(lock));
			}
		});
		Map<String, LockInfo> ordered = new LinkedHashMap<>();
		names.stream().filter(found::containsKey).forEach((name) -> ordered.put(name, found.get(name)));
		return ordered;
	}

	LockPage list(LockQuery query) {
		ListCursor cursor = ListCursor.of(query.cursor().orElse(""), this.keys.partitions().size());
		LinkedHashSet<String> names = new LinkedHashSet<>();
		int most = SCANS + this.keys.partitions().size();
		for (int scans = 0; scans < most && !cursor.isEnd() && names.size() < query.limit(); scans++) {
			LockyPartition partition = this.keys.partitions().get(cursor.partition());
			ScanReply reply = ScanReply.of(this.scripts.run(LockyCalls.scan(partition, cursor.position(), query.limit(),
					Glob.startingWith(query.prefix()), query.locker().orElse(""))));
			names.addAll(reply.resources());
			cursor = cursor.next(reply.cursor());
		}
		List<LockInfo> locks = new ArrayList<>(findAll(names).values());
		query.locker().ifPresent((locker) -> locks.removeIf((lock) -> !lock.locker().equals(locker)));
		return new LockPage(locks, cursor.isEnd() ? null : cursor.toString());
	}

	private List<HeldLock> find(List<String> names) {
		return HeldLock.ofFind(names, this.scripts.run(this.calls.find(names)));
	}

	static LockInfo info(HeldLock lock) {
		return new LockInfo(lock.resource(), lock.locker(), lock.fence(), lock.since(), lock.expiresIn(),
				lock.note().isEmpty() ? null : lock.note());
	}

}
