package io.locky.internal.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.locky.internal.redis.LockyKeys;
import io.locky.internal.redis.LockyScript;
import io.locky.internal.redis.RedisErrors;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.RedisConnection;

/**
 * The settings that the instances with the same prefix record in Redis, so that each of
 * them can warn if they differ. Used by one thread.
 */
final class FleetSettings {

	private static final Logger logger = LoggerFactory.getLogger(FleetSettings.class);

	private static final LockyScript<List<Object>> SETTINGS = LockyScript.ofList(FleetSettings.class, "settings");

	/** An instance that was killed leaves its settings behind. */
	private static final int MISSED_ROUNDS = 3;

	private final ScriptRunner scripts;

	private final LockyKeys keys;

	private final InstanceSettings own;

	private final Duration lifetime;

	private final Set<String> warned = new HashSet<>();

	private boolean refused;

	private volatile boolean recorded;

	/**
	 * Creates the view of one instance.
	 * @param scripts the access to Redis
	 * @param keys the names of the keys
	 * @param instance the name of the instance
	 * @param period how often it records its settings
	 */
	FleetSettings(ScriptRunner scripts, LockyKeys keys, String instance, Duration period) {
		this.scripts = scripts;
		this.keys = keys;
		this.own = InstanceSettings.own(instance, keys);
		this.lifetime = period.multipliedBy(MISSED_ROUNDS);
	}

	/**
	 * Records the settings, and compares them with those of the others. A user who may
	 * not do that is left alone from then on.
	 * @return the warnings that are new
	 */
	List<String> refresh() {
		if (this.refused) {
			return List.of();
		}
		try {
			this.recorded = true;
			Map<String, String> differences = this.scripts.run(call());
			List<String> warnings = new ArrayList<>(differences.values());
			differences.forEach((setting, warning) -> {
				if (this.warned.contains(setting)) {
					warnings.remove(warning);
				}
			});
			this.warned.clear();
			this.warned.addAll(differences.keySet());
			return warnings;
		}
		catch (RuntimeException ex) {
			this.refused = RedisErrors.isRefusal(ex);
			this.recorded = !this.refused;
			logger.debug("The settings of this instance are not compared with those of others", ex);
			return List.of();
		}
	}

	private ScriptCall<Map<String, String>> call() {
		List<String> arguments = new ArrayList<>(List.of(this.own.instance(), Long.toString(this.lifetime.toMillis())));
		arguments.addAll(this.own.texts());
		return SETTINGS.call(List.of(this.keys.settings()), arguments, this::differences);
	}

	private Map<String, String> differences(List<Object> reply) {
		List<InstanceSettings> others = new ArrayList<>();
		List<String> unreadable = new ArrayList<>();
		for (int i = 0; i < reply.size(); i += 2) {
			String name = (String) reply.get(i);
			InstanceSettings settings = InstanceSettings.read(name, (String) reply.get(i + 1));
			if (settings != null) {
				others.add(settings);
			}
			else {
				unreadable.add(name);
			}
		}
		Map<String, String> differences = new LinkedHashMap<>(
				SettingsDifferences.of(this.keys.prefix(), this.own, others));
		if (!unreadable.isEmpty()) {
			differences.put("unreadable",
					"The settings of %s cannot be read by this instance (%s): another version of "
						.formatted(SettingsDifferences.listed(unreadable), this.own.name())
							+ "Locky wrote them. Run the same version on all instances with the prefix '%s'."
								.formatted(this.keys.prefix()));
		}
		return differences;
	}

	/**
	 * Whether the settings of this instance may be in Redis.
	 * @return whether they were recorded
	 */
	boolean isRecorded() {
		return this.recorded;
	}

	/**
	 * Deletes the settings of this instance, which others must not be compared with any
	 * more.
	 * @param connection a connection to Redis
	 */
	void forget(RedisConnection connection) {
		this.recorded = false;
		connection.hashCommands()
			.hDel(PermissionCheck.bytes(this.keys.settings()), PermissionCheck.bytes(this.own.instance()));
	}

}
