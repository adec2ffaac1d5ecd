package io.locky.internal.lock;

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
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScanReply;
import io.locky.internal.redis.ScriptRunner;

/**
 * Asks who holds what.
 */
public final class LockQueries {

	/**
	 * How many scans one page may take, and one for each partition: most of them find
	 * nothing of a rare locker.
	 */
	private static final int SCANS = 10;

	private static final int MOST = 500;

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final LockyKeys keys;

	LockQueries(ScriptRunner scripts, LockCommands commands, LockyKeys keys) {
		this.scripts = scripts;
		this.commands = commands;
		this.keys = keys;
	}

	/**
	 * Finds a lock.
	 * @param resource what may be locked
	 * @return the lock, or empty if it is free
	 */
	public Optional<LockInfo> find(Object resource) {
		return find(List.of(LockNames.resource(resource))).stream().findFirst();
	}

	/**
	 * Finds several locks.
	 * @param resources what may be locked
	 * @return those that are held, in the order of the resources
	 */
	public Map<String, LockInfo> findAll(Collection<?> resources) {
		List<String> names = resources.stream().map(LockNames::resource).distinct().toList();
		Map<String, LockInfo> found = new LinkedHashMap<>();
		batches(names).forEach((batch) -> find(batch).forEach((lock) -> found.put(lock.resource(), lock)));
		Map<String, LockInfo> ordered = new LinkedHashMap<>();
		names.stream().filter(found::containsKey).forEach((name) -> ordered.put(name, found.get(name)));
		return ordered;
	}

	/**
	 * Lists held locks.
	 * @param query which locks
	 * @return a page of them
	 */
	public LockPage list(LockQuery query) {
		ListCursor cursor = ListCursor.of(query.cursor().orElse(""), this.keys.partitions().size());
		LinkedHashSet<String> names = new LinkedHashSet<>();
		int most = SCANS + this.keys.partitions().size();
		for (int scans = 0; scans < most && !cursor.isEnd() && names.size() < query.limit(); scans++) {
			LockyPartition partition = this.keys.partitions().get(cursor.partition());
			ScanReply reply = this.scripts.run(LockCommands.scan(partition, cursor.position(), query.limit(),
					globStartingWith(query.prefix()), query.locker().orElse("")));
			names.addAll(reply.resources());
			cursor = cursor.next(reply.cursor());
		}
		List<LockInfo> locks = new ArrayList<>(findAll(names).values());
		query.locker().ifPresent((locker) -> locks.removeIf((lock) -> !lock.locker().equals(locker)));
		return new LockPage(locks, cursor.isEnd() ? null : cursor.toString());
	}

	/**
	 * Splits resources so that each part can be sent as one command: by partition, and
	 * not so many at once that other commands wait.
	 */
	List<List<String>> batches(Collection<String> resources) {
		List<List<String>> batches = new ArrayList<>();
		for (List<String> partition : this.keys.byPartition(resources)) {
			for (int from = 0; from < partition.size(); from += MOST) {
				batches.add(partition.subList(from, Math.min(from + MOST, partition.size())));
			}
		}
		return batches;
	}

	private List<LockInfo> find(List<String> names) {
		return this.scripts.run(this.commands.find(names));
	}

	/** A glob pattern of Redis in which every character of the text stands for itself. */
	private static String globStartingWith(String text) {
		return text.replaceAll("[\\\\*?\\[\\]^-]", "\\\\$0") + "*";
	}

}
