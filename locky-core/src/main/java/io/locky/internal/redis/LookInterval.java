package io.locky.internal.redis;

import java.time.Duration;

/**
 * How often an expiration worker looks for deadlines when nothing else happens.
 * <p>
 * A lease that is at least so long needs no hint: each worker looks between its grant and
 * its deadline, and sleeps until that deadline from then on.
 */
public final class LookInterval {

	private static final Duration ONE_PARTITION = Duration.ofMillis(500);

	/** With 64 partitions and four commands for each: fewer than 30 a second. */
	private static final Duration MANY_PARTITIONS = Duration.ofSeconds(10);

	private LookInterval() {
	}

	/**
	 * The longest time between two looks at the same partition.
	 * @param keys the names of the keys, which have one or many partitions
	 * @return the time; a deadline that is sooner after its grant needs a hint
	 */
	public static Duration of(LockyKeys keys) {
		return (keys.partitions().size() == 1) ? ONE_PARTITION : MANY_PARTITIONS;
	}

}
