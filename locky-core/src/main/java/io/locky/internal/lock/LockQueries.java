package io.locky.internal.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockWaiter;
import io.locky.UnreadableLockException;
import io.locky.internal.lock.LockCommands.HeldReply;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyPartition;
import io.locky.internal.redis.ScanReply;
import io.locky.internal.redis.ScriptCall;
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

	/** The most locks of one locker to release together. */
	private static final int MOST_ON_PAGE = 1000;

	private static final int MOST_WAITERS = 100;

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
	 * Finds who waits for a lock.
	 * @param resource the resource
	 * @return up to 100 waiters, in their order
	 */
	public List<LockWaiter> waiters(Object resource) {
		return this.scripts.run(this.commands.waiters(LockNames.resource(resource), MOST_WAITERS));
	}

	/**
	 * Lists held locks.
	 * @param query the locks to list, and the page
	 * @return a page of them
	 */
	public LockPage list(LockQuery query) {
		List<LockyPartition> partitions = this.keys.partitions();
		PageCursor cursor = PageCursor.of(query.cursor().orElse(""), partitions.size());
		Assert.isTrue(!cursor.isOfIndex() || query.locker().isPresent(),
				() -> "'%s' is the cursor of a page with the locks of one locker; pass it with the same query"
					.formatted(cursor));
		PageCursor next = cursor;
		LinkedHashSet<String> names = new LinkedHashSet<>();
		int most = SCANS + partitions.size();
		for (int scans = 0; scans < most && next.partition() < partitions.size() && names.size() < query.limit();) {
			ScanReply reply = read(List.of(next), query).get(0);
			names.addAll(reply.resources());
			next = next.next(reply.cursor());
			scans++;
		}
		return new LockPage(find(names, query), (next.partition() < partitions.size()) ? next.toString() : null);
	}

	/**
	 * Finds all locks of a locker. Each partition is read once, unless the locker holds
	 * very many or the index is not complete.
	 * @param locker the locker
	 * @param action receives them in portions
	 */
	void forEachHeldBy(String locker, Consumer<List<LockInfo>> action) {
		LockQuery query = LockQuery.all().heldBy(locker).limit(MOST_ON_PAGE);
		List<PageCursor> places = this.keys.partitions()
			.stream()
			.map((partition) -> new PageCursor(partition.number(), ScanReply.START))
			.toList();
		while (!places.isEmpty()) {
			List<ScanReply> replies = read(places, query);
			LinkedHashSet<String> names = new LinkedHashSet<>();
			List<PageCursor> rest = new ArrayList<>();
			for (int i = 0; i < replies.size(); i++) {
				names.addAll(replies.get(i).resources());
				PageCursor next = places.get(i).next(replies.get(i).cursor());
				if (next.partition() == places.get(i).partition()) {
					rest.add(next);
				}
			}
			action.accept(find(names, query));
			places = rest;
		}
	}

	private List<LockInfo> find(Collection<String> names, LockQuery query) {
		List<LockInfo> locks = new ArrayList<>(findNames(names).values());
		query.locker().ifPresent((locker) -> locks.removeIf((lock) -> !lock.locker().equals(locker)));
		return locks;
	}

	/** Reads on at several places, by the index where that is complete. */
	private List<ScanReply> read(List<PageCursor> places, LockQuery query) {
		Map<PageCursor, ScanReply> replies = new HashMap<>();
		if (this.keys.hasLockerIndex() && query.locker().isPresent()) {
			List<PageCursor> indexed = places.stream().filter(PageCursor::isIndexable).toList();
			List<HeldReply> held = this.scripts
				.runAll(indexed.stream().map((place) -> held(place, query, query.locker().get())).toList());
			for (int i = 0; i < held.size(); i++) {
				if (held.get(i).isComplete()) {
					replies.put(indexed.get(i), PageCursor.scanReply(held.get(i)));
				}
			}
		}
		return places.stream()
			.map((place) -> replies.containsKey(place) ? replies.get(place) : scan(place, query))
			.toList();
	}

	private ScriptCall<HeldReply> held(PageCursor place, LockQuery query, String locker) {
		return LockCommands.held(this.keys.partitions().get(place.partition()), locker, place.indexPosition(),
				query.limit(), query.prefix());
	}

	private ScanReply scan(PageCursor place, LockQuery query) {
		return this.scripts.run(LockCommands.scan(this.keys.partitions().get(place.partition()), place.scanPosition(),
				query.limit(), globStartingWith(query.prefix()), query.locker().orElse("")));
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

}
