package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The names of the keys of one partition. On Redis Cluster they belong to one slot, so
 * that a script may use all of them.
 */
public final class LockyPartition {

	private final int number;

	private final String records;

	private final String deadlines;

	private final String unacked;

	private final String fence;

	private final String log;

	private final String npmIndex;

	private final String waiting;

	private final String lockers;

	private final String operations;

	private final String locks;

	private final String prefix;

	LockyPartition(int number, String prefix) {
		this.number = number;
		this.records = prefix + "records";
		this.deadlines = prefix + "deadlines";
		this.unacked = prefix + "unacked";
		this.fence = prefix + "fence";
		this.log = prefix + "events";
		this.npmIndex = prefix + "current:locks";
		this.waiting = prefix + "waiting";
		this.lockers = prefix + "lockers";
		this.operations = prefix + "operation:";
		this.locks = prefix + "lock:";
		this.prefix = prefix;
	}

	/**
	 * The number of this partition.
	 * @return its index in {@link LockyKeys#partitions()}
	 */
	public int number() {
		return this.number;
	}

	/**
	 * The key of a lock: a string with the locker, which expires with the lease.
	 * @param resource the name of the resource
	 * @return the name of the key
	 */
	public String lock(String resource) {
		return this.locks + resource;
	}

	/**
	 * The hash of the records of all locks.
	 * @return the name of the key
	 */
	public String records() {
		return this.records;
	}

	/**
	 * The sorted set of the deadlines of all locks.
	 * @return the name of the key
	 */
	public String deadlines() {
		return this.deadlines;
	}

	/**
	 * The sorted set of claimed expiries that are not acknowledged yet.
	 * @return the name of the key
	 */
	public String unacked() {
		return this.unacked;
	}

	/**
	 * The last fencing token of this partition.
	 * @return the name of the key
	 */
	public String fence() {
		return this.fence;
	}

	/**
	 * The stream of the event log.
	 * @return the name of the key
	 */
	public String log() {
		return this.log;
	}

	/**
	 * The set of all locks that the npm package {@code locky} keeps.
	 * @return the name of the key
	 */
	public String npmIndex() {
		return this.npmIndex;
	}

	/**
	 * The sorted set of those who wait for locks.
	 * @return the name of the key
	 */
	public String waiting() {
		return this.waiting;
	}

	/**
	 * The hash of the locks of each locker.
	 * @return the name of the key
	 */
	public String lockers() {
		return this.lockers;
	}

	/**
	 * The string that keeps what became of one operation, for an hour.
	 * @param place the place of the operation among those of its instance
	 * @return the name of the key
	 */
	public String operation(String place) {
		return this.operations + place;
	}

	/**
	 * The string with the line of those people who wait for a lock.
	 * @param resource the name of the resource
	 * @return the name of the key
	 */
	public String line(String resource) {
		return this.prefix + "people:line:" + resource;
	}

	/**
	 * The hash of the requests to the holder of a lock.
	 * @param resource the name of the resource
	 * @return the name of the key
	 */
	public String handovers(String resource) {
		return this.prefix + "people:handovers:" + resource;
	}

	/**
	 * The hash of those who are looking at a resource.
	 * @param resource the name of the resource
	 * @return the name of the key
	 */
	public String presence(String resource) {
		return this.prefix + "people:presence:" + resource;
	}

	/**
	 * The sorted set of the holds of a lock that have ended.
	 * @param resource the name of the resource
	 * @return the name of the key
	 */
	public String history(String resource) {
		return this.prefix + "people:history:" + resource;
	}

	/**
	 * The keys of a script: fixed ones, then one lock for each resource.
	 * @param resources the names of the resources
	 * @param first the fixed keys
	 * @return all keys, in the order that the header of the script documents
	 */
	public List<String> withLocks(List<String> resources, String... first) {
		List<String> keys = new ArrayList<>(first.length + resources.size());
		keys.addAll(Arrays.asList(first));
		resources.forEach((resource) -> keys.add(lock(resource)));
		return keys;
	}

}
