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
import io.locky.UnreadableLockException;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScanReply;
import io.locky.internal.redis.ScriptRunner;

import org.springframework.util.Assert;

/**
 * Finds and lists held locks.
 */
public final class LockQueries {

	/**
	 * The most scans for one page, besides one for each partition. For a locker with few
	 * locks, most scans find nothing.
	 */
	private static final int SCANS = 10;

	/** The most resources in one command, so that others do not wait for long. */
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
	 * @param resource the resource that may be locked
	 * @return the lock, or empty if it is free
	 */
	public Optional<LockInfo> find(Object resource) {
		return this.scripts.run(this.commands.find(List.of(LockNames.resource(resource)))).stream().findFirst();
	}

	/**
	 * Finds several locks.
	 * @param resources the resources that may be locked
	 * @return the locks that are held, in the order of the resources
	 */
	public Map<String, LockInfo> findAll(Collection<?> resources) {
		return findNames(resources.stream().map(LockNames::resource).distinct().toList());
	}

	/** Names that were found in Redis may be such as this instance would refuse. */
	private Map<String, LockInfo> findNames(Collection<String> names) {
		Map<String, LockInfo> found = new LinkedHashMap<>();
		batches(names).forEach((batch) -> find(batch).forEach((lock) -> found.put(lock.resource(), lock)));
		Map<String, LockInfo> ordered = new LinkedHashMap<>();
		names.stream().filter(found::containsKey).forEach((name) -> ordered.put(name, found.get(name)));
		return ordered;
	}

	/**
	 * Lists held locks.
	 * @param query the locks to list, and the page
	 * @return a page of them
	 */
	public LockPage list(LockQuery query) {
		Cursor cursor = Cursor.of(query.cursor().orElse(""), this.keys.partitions().size());
		LinkedHashSet<String> names = new LinkedHashSet<>();
		int most = SCANS + this.keys.partitions().size();
		for (int scans = 0; scans < most && !cursor.isEnd() && names.size() < query.limit(); scans++) {
			LockyPartition partition = this.keys.partitions().get(cursor.partition());
			ScanReply reply = this.scripts.run(LockCommands.scan(partition, cursor.position(), query.limit(),
					globStartingWith(query.prefix()), query.locker().orElse("")));
			names.addAll(reply.resources());
			cursor = cursor.next(reply.cursor());
		}
		List<LockInfo> locks = new ArrayList<>(findNames(names).values());
		query.locker().ifPresent((locker) -> locks.removeIf((lock) -> !lock.locker().equals(locker)));
		return new LockPage(locks, cursor.isEnd() ? null : cursor.toString());
	}

	/**
	 * Splits resources into parts for one command each.
	 * @param resources the names of the resources
	 * @return the parts, each of one partition and of 500 resources at most
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

	/** Also where it is only one, a lock that cannot be read is left out. */
	private List<LockInfo> find(List<String> names) {
		try {
			return this.scripts.run(this.commands.find(names));
		}
		catch (UnreadableLockException ex) {
			this.commands.unreadable().warn(ex);
			return List.of();
		}
	}

	/** A glob pattern of Redis in which every character of the text stands for itself. */
	private static String globStartingWith(String text) {
		return text.replaceAll("[\\\\*?\\[\\]^-]", "\\\\$0") + "*";
	}

	/**
	 * The place where a page ends: a partition, and the position of the scan within it.
	 *
	 * @param partition the index of the partition
	 * @param position the cursor of the scan
	 * @param partitions the number of partitions
	 */
	private record Cursor(int partition, String position, int partitions) {

		static Cursor of(String text, int partitions) {
			if (text.isEmpty()) {
				return new Cursor(0, ScanReply.START, partitions);
			}
			try {
				Assert.isTrue(text.matches("\\d{1,4}-\\d{1,20}"), "not of that form");
				String[] parts = text.split("-");
				int partition = Integer.parseInt(parts[0]);
				Assert.isTrue(partition < partitions, "not of this Redis");
				return new Cursor(partition, Long.toUnsignedString(Long.parseUnsignedLong(parts[1])), partitions);
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException(
						"'%s' is not the cursor of a page; pass what LockPage.cursor() returned".formatted(text), ex);
			}
		}

		boolean isEnd() {
			return this.partition >= this.partitions;
		}

		Cursor next(String nextPosition) {
			return nextPosition.equals(ScanReply.START) ? new Cursor(this.partition + 1, nextPosition, this.partitions)
					: new Cursor(this.partition, nextPosition, this.partitions);
		}

		@Override
		public String toString() {
			return this.partition + "-" + this.position;
		}

	}

}
