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

	private final String prefix;

	LockyPartition(int number, String prefix) {
		this.number = number;
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
		return this.prefix + "lock:" + resource;
	}

	/**
	 * The hash of the records of all locks.
	 * @return the name of the key
	 */
	public String records() {
		return this.prefix + "records";
	}

	/**
	 * The sorted set of the deadlines of all locks.
	 * @return the name of the key
	 */
	public String deadlines() {
		return this.prefix + "deadlines";
	}

	/**
	 * The sorted set of claimed expiries that are not acknowledged yet.
	 * @return the name of the key
	 */
	public String unacked() {
		return this.prefix + "unacked";
	}

	/**
	 * The last fencing token of this partition.
	 * @return the name of the key
	 */
	public String fence() {
		return this.prefix + "fence";
	}

	/**
	 * The stream of the event log.
	 * @return the name of the key
	 */
	public String log() {
		return this.prefix + "events";
	}

	/**
	 * The set of all locks that the npm package {@code locky} keeps.
	 * @return the name of the key
	 */
	public String npmIndex() {
		return this.prefix + "current:locks";
	}

	/**
	 * The hash of the locks of each locker.
	 * @return the name of the key
	 */
	public String lockers() {
		return this.prefix + "lockers";
	}

	/**
	 * The string that keeps what became of one operation, for an hour.
	 * @param place the place of the operation among those of its instance
	 * @return the name of the key
	 */
	public String operation(String place) {
		return this.prefix + "operation:" + place;
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
