package io.locky.internal.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.locky.LockInfo;
import io.locky.LockNames;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockWaiter;
import io.locky.UnreadableLockException;
import io.locky.internal.lock.LockCommands.HeldReply;
import io.locky.internal.redis.Exchange;
import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.ScanReply;
import io.locky.internal.redis.ScriptCall;

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

	private final LockCommands commands;

	private final LockyKeys keys;

	LockQueries(LockCommands commands, LockyKeys keys) {
		this.commands = commands;
		this.keys = keys;
	}

	/**
	 * Finds a lock.
	 * @param resource the resource that may be locked
	 * @return the lock, or empty if it is free
	 */
	public Exchange<Optional<LockInfo>> find(Object resource) {
		return Exchange.send(this.commands.find(List.of(LockNames.resource(resource))))
			.map((locks) -> locks.stream().findFirst());
	}

	/**
	 * Finds several locks.
	 * @param resources the resources that may be locked
	 * @return the locks that are held, in the order of the resources
	 */
	public Exchange<Map<String, LockInfo>> findAll(Collection<?> resources) {
		return findNames(resources.stream().map(LockNames::resource).distinct().toList());
	}

	/** Names that were found in Redis may be such as this instance would refuse. */
	private Exchange<Map<String, LockInfo>> findNames(Collection<String> names) {
		return findBatches(batches(names).iterator(), new HashMap<>()).map((found) -> {
			Map<String, LockInfo> ordered = new LinkedHashMap<>();
			names.stream().filter(found::containsKey).forEach((name) -> ordered.put(name, found.get(name)));
			return ordered;
		});
	}

	private Exchange<Map<String, LockInfo>> findBatches(Iterator<List<String>> batches, Map<String, LockInfo> found) {
		if (!batches.hasNext()) {
			return Exchange.of(found);
		}
		return find(batches.next()).then((locks) -> {
			locks.forEach((lock) -> found.put(lock.resource(), lock));
			return findBatches(batches, found);
		});
	}

	/**
	 * Finds who waits for a lock.
	 * @param resource the resource
	 * @return up to 100 waiters, in their order
	 */
	public Exchange<List<LockWaiter>> waiters(Object resource) {
		return Exchange.send(this.commands.waiters(LockNames.resource(resource), MOST_WAITERS));
	}

	/**
	 * Lists held locks.
	 * @param query the locks to list, and the page
	 * @return a page of them
	 */
	public Exchange<LockPage> list(LockQuery query) {
		int partitions = this.keys.partitions().size();
		PageCursor cursor = PageCursor.of(query.cursor().orElse(""), partitions);
		Assert.isTrue(!cursor.isOfIndex() || query.locker().isPresent(),
				() -> "'%s' is the cursor of a page with the locks of one locker; pass it with the same query"
					.formatted(cursor));
		return fill(query, cursor, SCANS + partitions, new LinkedHashSet<>());
	}

	/** Reads on until the page is full, or there were too many scans. */
	private Exchange<LockPage> fill(LockQuery query, PageCursor place, int scans, Set<String> names) {
		boolean isEnd = place.partition() >= this.keys.partitions().size();
		if (isEnd || scans == 0 || names.size() >= query.limit()) {
			return find(names, query).map((locks) -> new LockPage(locks, isEnd ? null : place.toString()));
		}
		return read(List.of(place), query).then((replies) -> {
			names.addAll(replies.get(0).resources());
			return fill(query, place.next(replies.get(0).cursor()), scans - 1, names);
		});
	}

	/**
	 * Finds all locks of a locker. Each partition is read once, unless the locker holds
	 * very many or the index is not complete.
	 * @param locker the locker
	 * @param action receives them in portions, and returns a number
	 * @return the sum of the numbers
	 */
	Exchange<Integer> forEachHeldBy(String locker, Function<List<LockInfo>, Exchange<Integer>> action) {
		return forEach(this.keys.partitions()
			.stream()
			.map((partition) -> new PageCursor(partition.number(), ScanReply.START))
			.toList(), LockQuery.all().heldBy(locker).limit(MOST_ON_PAGE), action, 0);
	}

	private Exchange<Integer> forEach(List<PageCursor> places, LockQuery query,
			Function<List<LockInfo>, Exchange<Integer>> action, int sum) {
		if (places.isEmpty()) {
			return Exchange.of(sum);
		}
		return read(places, query).then((replies) -> {
			Set<String> names = new LinkedHashSet<>();
			List<PageCursor> rest = new ArrayList<>();
			for (int i = 0; i < replies.size(); i++) {
				names.addAll(replies.get(i).resources());
				PageCursor next = places.get(i).next(replies.get(i).cursor());
				if (next.partition() == places.get(i).partition()) {
					rest.add(next);
				}
			}
			return find(names, query).then(action).then((number) -> forEach(rest, query, action, sum + number));
		});
	}

	private Exchange<List<LockInfo>> find(Collection<String> names, LockQuery query) {
		return findNames(names).map((found) -> {
			List<LockInfo> locks = new ArrayList<>(found.values());
			query.locker().ifPresent((locker) -> locks.removeIf((lock) -> !lock.locker().equals(locker)));
			return locks;
		});
	}

	/** Reads on at several places, by the index where that is complete. */
	private Exchange<List<ScanReply>> read(List<PageCursor> places, LockQuery query) {
		Map<PageCursor, ScanReply> replies = new HashMap<>();
		if (!this.keys.hasLockerIndex() || query.locker().isEmpty()) {
			return scan(places, query, replies);
		}
		List<PageCursor> indexed = places.stream().filter(PageCursor::isIndexable).toList();
		return Exchange.sendAll(indexed.stream().map((place) -> held(place, query, query.locker().get())).toList())
			.then((held) -> {
				for (int i = 0; i < held.size(); i++) {
					if (held.get(i).isComplete()) {
						replies.put(indexed.get(i), PageCursor.scanReply(held.get(i)));
					}
				}
				return scan(places, query, replies);
			});
	}

	private ScriptCall<HeldReply> held(PageCursor place, LockQuery query, String locker) {
		return LockCommands.held(this.keys.partitions().get(place.partition()), locker, place.indexPosition(),
				query.limit(), query.prefix());
	}

	/** Scans where there is no reply yet. */
	private Exchange<List<ScanReply>> scan(List<PageCursor> places, LockQuery query,
			Map<PageCursor, ScanReply> replies) {
		return places.stream()
			.filter((place) -> !replies.containsKey(place))
			.findFirst()
			.map((place) -> scan(place, query).then((reply) -> {
				replies.put(place, reply);
				return scan(places, query, replies);
			}))
			.orElseGet(() -> Exchange.of(places.stream().map(replies::get).toList()));
	}

	private Exchange<ScanReply> scan(PageCursor place, LockQuery query) {
		return Exchange.send(LockCommands.scan(this.keys.partitions().get(place.partition()), place.scanPosition(),
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
	private Exchange<List<LockInfo>> find(List<String> names) {
		return Exchange.send(this.commands.find(names)).onFailure((failure) -> {
			if (!(failure instanceof UnreadableLockException unreadable)) {
				throw failure;
			}
			this.commands.unreadable().warn(unreadable);
			return Exchange.of(List.of());
		});
	}

	/** A glob pattern of Redis in which every character of the text stands for itself. */
	private static String globStartingWith(String text) {
		return text.replaceAll("[\\\\*?\\[\\]^-]", "\\\\$0") + "*";
	}

}
