package io.locky.internal.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Compares the settings of this instance with those of the others.
 */
final class SettingsDifferences {

	private static final int MOST_NAMES = 5;

	private final String prefix;

	private final InstanceSettings own;

	private final List<InstanceSettings> others;

	private final Map<String, String> found = new LinkedHashMap<>();

	private SettingsDifferences(String prefix, InstanceSettings own, List<InstanceSettings> others) {
		this.prefix = prefix;
		this.own = own;
		this.others = others;
	}

	/**
	 * Finds the differences.
	 * @param prefix what the keys of all these instances start with
	 * @param own the settings of this instance
	 * @param others those of the others
	 * @return a warning for each setting that differs
	 */
	static Map<String, String> of(String prefix, InstanceSettings own, List<InstanceSettings> others) {
		SettingsDifferences differences = new SettingsDifferences(prefix, own, others);
		differences.compare("locky.events.broadcast", InstanceSettings::broadcast,
				"Instances with false neither receive the events of the others nor send their own. Set it to the same "
						+ "value on all instances");
		differences.compare("locky.npm-interop", InstanceSettings::npmInterop,
				"Instances with false may publish the expiry of a lock that the npm package has extended, and leave its "
						+ "index incomplete. Set it to the same value on all instances");
		differences.compareFlag("locky.locker-index", InstanceSettings::lockerIndex,
				"While instances with false grant locks, unlockAll and the list of the locks of one locker read all "
						+ "locks on the others too. Set it to the same value on all instances");
		differences.compareFlag("locky.line.enabled", InstanceSettings::lines,
				"Instances with false let anybody acquire a lock that is offered to the first in its line. Set it to "
						+ "the same value on all instances");
		differences.compareFlag("locky.history.enabled", InstanceSettings::history,
				"What ends on instances with false is missing in the history. Set it to the same value on all instances");
		differences.compare("The number of partitions", InstanceSettings::partitions,
				"They use different keys, so one lock may have several holders. Connect every instance to the Redis "
						+ "Cluster: set spring.data.redis.cluster.nodes, or use a RedisClusterConfiguration, on all "
						+ "instances");
		differences.compareFormats();
		return differences.found;
	}

	private void compare(String setting, Function<InstanceSettings, Object> value, String consequence) {
		compare(setting, value, (other) -> !value.apply(other).equals(value.apply(this.own)), consequence);
	}

	/** An earlier version is no mistake of the configuration. */
	private void compareFlag(String setting, Function<InstanceSettings, @Nullable Boolean> value, String consequence) {
		compare(setting, (settings) -> Boolean.TRUE.equals(value.apply(settings)), (other) -> {
			Boolean flag = value.apply(other);
			return flag != null && !flag.equals(value.apply(this.own));
		}, consequence);
	}

	/** Neighbouring versions read the data of each other. */
	private void compareFormats() {
		compare("The newest format that can be read", InstanceSettings::format,
				(other) -> Math.abs(other.format() - this.own.format()) > 1,
				"Versions of Locky that are further apart cannot read all data of each other. Update in smaller steps");
	}

	private void compare(String setting, Function<InstanceSettings, Object> value, Predicate<InstanceSettings> differs,
			String consequence) {
		Map<Object, List<String>> names = new LinkedHashMap<>();
		this.others.stream()
			.filter(differs)
			.forEach(
					(other) -> names.computeIfAbsent(value.apply(other), (key) -> new ArrayList<>()).add(other.name()));
		if (!names.isEmpty()) {
			List<String> sides = new ArrayList<>();
			names.forEach((different, instances) -> sides.add(different + " on " + listed(instances)));
			this.found.put(setting,
					"%s is %s on this instance (%s), but %s. %s with the prefix '%s'.".formatted(setting,
							value.apply(this.own), this.own.name(), String.join(", ", sides), consequence,
							this.prefix));
		}
	}

	/**
	 * The names of instances, not more than a few.
	 * @param names all names
	 * @return a text for people
	 */
	static String listed(List<String> names) {
		String first = "(" + String.join("), (", names.subList(0, Math.min(MOST_NAMES, names.size()))) + ")";
		int more = names.size() - MOST_NAMES;
		return (more > 0) ? first + " and " + more + " more" : first;
	}

}
