package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of one partition. They live in one slot of a Redis Cluster, so that a script
 * may use all of them.
 *
 * @since 0.1.0
 */
public final class LockyPartition {

	private final int number;

	private final String prefix;

	LockyPartition(int number, String prefix) {
		this.number = number;
		this.prefix = prefix;
	}

	/**
	 * The place of this partition among all of them.
	 * @return its index in {@link LockyKeys#partitions()}
	 */
	public int number() {
		return this.number;
	}

	/**
	 * The key that is the lock: a string, the locker, that ends with the lease.
	 * @param resource the name of the resource
	 * @return the name of the key
	 */
	public String lock(String resource) {
		return this.prefix + "lock:" + resource;
	}

	public String records() {
		return this.prefix + "records";
	}

	public String deadlines() {
		return this.prefix + "deadlines";
	}

	public String unacked() {
		return this.prefix + "unacked";
	}

	public String fence() {
		return this.prefix + "fence";
	}

	/**
	 * The log of events.
	 * @return the name of the key
	 */
	public String log() {
		return this.prefix + "events";
	}

	public String npmIndex() {
		return this.prefix + "current:locks";
	}

	/**
	 * The keys of a script: fixed ones, then one lock for each resource.
	 * @param resources the names of the resources
	 * @param first the fixed keys
	 * @return all keys, in the order that the header of the script names
	 */
	public List<String> withLocks(List<String> resources, String... first) {
		List<String> keys = new ArrayList<>(first.length + resources.size());
		keys.addAll(Arrays.asList(first));
		resources.forEach((resource) -> keys.add(lock(resource)));
		return keys;
	}

}
