package io.locky.internal.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.locky.InvalidSettingException;
import io.locky.PeopleSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * The names of the keys in Redis. Only this class and {@link LockyPartition} contain
 * them.
 * <p>
 * Resources are spread over partitions; outside of Redis Cluster there is one.
 */
public final class LockyKeys {

	static final int CLUSTER_PARTITIONS = 64;

	/** After an empty tag Redis ignores any other, and hashes the whole name of a key. */
	private static final Pattern EMPTY_HASH_TAG = Pattern.compile("^[^{]*\\{}");

	private static final Pattern HASH_TAG = Pattern.compile("\\{[^}]+}");

	/** The end that the keys of a partition have after the prefix. */
	private static final Pattern PARTITION_TAG = Pattern.compile("\\{([0-9]|[1-5][0-9]|6[0-3])}:$");

	private final String prefix;

	private final List<LockyPartition> partitions;

	private final boolean npmInterop;

	private final EventLog eventLog;

	private final boolean lockerIndex;

	private final PeopleSettings people;

	private final List<String> changeArguments;

	private LockyKeys(String prefix, List<LockyPartition> partitions, boolean npmInterop, EventLog eventLog,
			boolean lockerIndex, PeopleSettings people) {
		this.prefix = prefix;
		this.partitions = partitions;
		this.npmInterop = npmInterop;
		this.eventLog = eventLog;
		this.lockerIndex = lockerIndex;
		this.people = people;
		this.changeArguments = List.of(signals(), ScriptValues.flag(npmInterop), eventLog.origin(),
				Integer.toString(eventLog.length()));
	}

	/**
	 * Names the keys of one Redis, or of a master and its replicas.
	 * @param prefix the start of every key
	 * @return the names
	 * @throws IllegalArgumentException if the prefix is blank
	 */
	public static LockyKeys of(String prefix) {
		Assert.hasText(prefix, "'prefix' must not be empty");
		return new LockyKeys(prefix, List.of(new LockyPartition(0, prefix)), false, EventLog.NONE, true,
				PeopleSettings.NONE);
	}

	/**
	 * Names the keys of a Redis Cluster: {@value #CLUSTER_PARTITIONS} partitions, each
	 * with a hash tag, so that a script uses one slot and all masters share the work. The
	 * number is fixed, because it decides where a lock is found. A prefix with a hash tag
	 * of its own, such as <code>{locky}:</code>, makes one partition.
	 * @param prefix the start of every key
	 * @return the names
	 * @throws IllegalArgumentException if the prefix is blank, has an empty hash tag, or
	 * names a partition of another prefix, as <code>locky:{17}:</code> does
	 */
	public static LockyKeys ofCluster(String prefix) {
		InvalidSettingException.require(!EMPTY_HASH_TAG.matcher(prefix).find(), "prefix",
				() -> "must not have the empty hash tag {}, but is '%s': on Redis Cluster the keys of a lock would "
					.formatted(prefix) + "be on different nodes");
		InvalidSettingException.require(!isPartitionOfAnother(prefix), "prefix",
				() -> "must not end with the hash tag of a partition, but is '%s': its keys would be those of "
					.formatted(prefix) + "another prefix. Use a tag that is not a number, such as {locky}");
		if (HASH_TAG.matcher(prefix).find()) {
			return of(prefix);
		}
		Assert.hasText(prefix, "'prefix' must not be empty");
		List<LockyPartition> partitions = IntStream.range(0, CLUSTER_PARTITIONS)
			.mapToObj((number) -> new LockyPartition(number, prefix + "{" + number + "}:"))
			.toList();
		return new LockyKeys(prefix, partitions, false, EventLog.NONE, true, PeopleSettings.NONE);
	}

	private static boolean isPartitionOfAnother(String prefix) {
		Matcher tag = PARTITION_TAG.matcher(prefix);
		return tag.find() && StringUtils.hasText(prefix.substring(0, tag.start()))
				&& !HASH_TAG.matcher(prefix.substring(0, tag.start())).find();
	}

	/**
	 * Names the same keys, for scripts that keep the index of the npm package
	 * {@code locky} too.
	 * @return the names
	 * @throws InvalidSettingException if there are several partitions, which that package
	 * does not support
	 */
	public LockyKeys withNpmInterop() {
		InvalidSettingException.require(this.partitions.size() == 1, "npmInterop",
				() -> "cannot be used on Redis Cluster: the npm package does not support partitions. Set it to false, "
						+ "or use a prefix with a hash tag, such as {locky}:");
		return new LockyKeys(this.prefix, this.partitions, true, this.eventLog, this.lockerIndex, this.people);
	}

	/**
	 * Names the same keys, for scripts that write the log of events too.
	 * @param origin the name of this instance, unique among all instances
	 * @param length about how many events to keep, in all partitions together
	 * @return the names
	 */
	public LockyKeys withEventLog(String origin, int length) {
		Assert.hasText(origin, "'origin' must not be empty");
		EventLog log = new EventLog(origin, Math.max(1, length / this.partitions.size()));
		return new LockyKeys(this.prefix, this.partitions, this.npmInterop, log, this.lockerIndex, this.people);
	}

	/**
	 * Names the same keys, for scripts that do not keep the index by locker.
	 * @return the names
	 */
	public LockyKeys withoutLockerIndex() {
		return new LockyKeys(this.prefix, this.partitions, this.npmInterop, this.eventLog, false, this.people);
	}

	/**
	 * Whether people can wait in lines.
	 * @return whether scripts that acquire and release locks get the keys of lines
	 */
	public boolean hasLine() {
		return this.people.line() != null;
	}

	/**
	 * Whether something is kept, and whether there are lines, as one argument.
	 * @param kept whether it is kept
	 * @return {@code 1} if it is kept, {@code 2} if there are lines, {@code 3} for both,
	 * and an empty text for neither
	 */
	public String withLines(boolean kept) {
		return hasLine() ? (kept ? "3" : "2") : ScriptValues.flag(kept);
	}

	/**
	 * Adds the lines of resources to the keys of a script, where there are lines.
	 * @param names the other keys, to which they are added
	 * @param resources the names of the resources, of one partition
	 * @return the names that were given
	 */
	public List<String> withLines(List<String> names, Collection<String> resources) {
		if (hasLine()) {
			resources.forEach((resource) -> names.add(partitionOf(resource).line(resource)));
		}
		return names;
	}

	/**
	 * Whether the index by locker is kept.
	 * @return whether scripts write it
	 */
	public boolean hasLockerIndex() {
		return this.lockerIndex;
	}

	/**
	 * Adds the index by locker to the keys of a script, where it is kept.
	 * @param partition the partition of the keys
	 * @param names the other keys
	 * @return the names, which may be changed
	 */
	public List<String> withLockerIndex(LockyPartition partition, Collection<String> names) {
		List<String> all = new ArrayList<>(names);
		if (this.lockerIndex) {
			all.add(partition.lockers());
		}
		return all;
	}

	/**
	 * Names the same keys, for scripts that keep what people need too.
	 * @param settings what is kept
	 * @return the names
	 */
	public LockyKeys withPeople(PeopleSettings settings) {
		return new LockyKeys(this.prefix, this.partitions, this.npmInterop, this.eventLog, this.lockerIndex, settings);
	}

	/**
	 * How the history of locks is kept.
	 * @return its bounds, or {@code null} if none is kept
	 */
	public PeopleSettings.@Nullable History history() {
		return this.people.history();
	}

	/**
	 * Adds histories to the keys of a script, where they are kept.
	 * @param partition the partition of the keys
	 * @param names the other keys
	 * @param resources the resource of each history
	 * @return the names, which may be changed
	 */
	public List<String> withHistories(LockyPartition partition, Collection<String> names,
			Collection<String> resources) {
		List<String> all = new ArrayList<>(names);
		if (this.people.history() != null) {
			resources.forEach((resource) -> all.add(partition.history(resource)));
		}
		return all;
	}

	/**
	 * Adds the settings of histories to the arguments of a script, where they are kept.
	 * @param arguments all other arguments
	 * @return the arguments
	 */
	public List<String> withHistorySettings(List<String> arguments) {
		PeopleSettings.History history = this.people.history();
		if (history != null) {
			arguments.add("\0" + history.length() + " " + history.retention().toMillis());
		}
		return arguments;
	}

	/**
	 * How scripts write the log of events.
	 * @return the log of each partition
	 */
	public EventLog eventLog() {
		return this.eventLog;
	}

	/**
	 * Whether the index of the npm package is kept.
	 * @return whether locks are shared with it
	 */
	public boolean isNpmInterop() {
		return this.npmInterop;
	}

	/**
	 * The partition of a resource, which never changes.
	 * @param resource the name of the resource
	 * @return its partition
	 */
	public LockyPartition partitionOf(String resource) {
		Assert.hasLength(resource, "'resource' must not be empty");
		return (this.partitions.size() == 1) ? this.partitions.get(0)
				: this.partitions.get(Crc16.of(resource) % this.partitions.size());
	}

	/**
	 * Groups resources by their partitions, whose order is always the same.
	 * @param resources the names of the resources
	 * @return the resources of each partition, in their order
	 */
	public List<List<String>> byPartition(Collection<String> resources) {
		Map<Integer, List<String>> groups = new TreeMap<>();
		for (String resource : resources) {
			groups.computeIfAbsent(partitionOf(resource).number(), (number) -> new ArrayList<>()).add(resource);
		}
		return List.copyOf(groups.values());
	}

	/**
	 * All partitions.
	 * @return at least one
	 */
	public List<LockyPartition> partitions() {
		return this.partitions;
	}

	/**
	 * The pattern that all keys match, as in the ACL of a Redis user.
	 * @return a glob pattern
	 */
	public String pattern() {
		return this.prefix + "*";
	}

	/**
	 * The hash of the settings of all instances. On Redis Cluster it belongs to no
	 * partition, so that instances with other partitions find it too.
	 * @return the name of the key
	 */
	public String settings() {
		return this.prefix + "settings";
	}

	/**
	 * The prefix of all keys.
	 * @return the start of every key
	 */
	public String prefix() {
		return this.prefix;
	}

	/**
	 * The channel of hints, such as a new earliest deadline or a released lock.
	 * @return the name of the channel
	 */
	public String signals() {
		return this.prefix + "signals";
	}

	/**
	 * The first arguments of every script that changes locks.
	 * @return a new list, to which the caller adds the others
	 */
	public List<String> changeArguments() {
		return new ArrayList<>(this.changeArguments);
	}

	/**
	 * The event log as scripts write it. From the log, every instance reads the events of
	 * the others.
	 *
	 * @param origin the name of this instance, unique among all instances, or empty to
	 * keep no log
	 * @param length about how many events each partition keeps
	 */
	public record EventLog(String origin, int length) {

		/** No log is kept. */
		public static final EventLog NONE = new EventLog("", 1);

		/**
		 * Checks the values.
		 */
		public EventLog {
			Assert.notNull(origin, "'origin' must not be null");
			Assert.isTrue(length > 0, "'length' must be positive");
		}

		/**
		 * Whether a log is kept.
		 * @return whether scripts write events
		 */
		public boolean isKept() {
			return !this.origin.isEmpty();
		}

	}

}
