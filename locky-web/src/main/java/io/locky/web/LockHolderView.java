package io.locky.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.locky.LockInfo;

/**
 * Decides what HTTP answers reveal about the holder of a lock. Register a bean of this
 * type to hide the locker, or to show a name instead of an id. <pre>{@code
 * LockHolderView anonymous = (lock) -> Map.of("since", String.valueOf(lock.since()));
 * }</pre>
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LockHolderView {

	/**
	 * Returns what to show of a lock.
	 * @param lock the lock
	 * @return members of the JSON answer by their names; {@code resource} is always added
	 */
	Map<String, ?> show(LockInfo lock);

	/**
	 * Shows everything: {@code locker}, {@code since} (ISO-8601), {@code expiresIn} (in
	 * seconds, with a fraction), {@code fence} and {@code note}, each only if the lock
	 * has it.
	 * @return the default view
	 */
	static LockHolderView everything() {
		return (lock) -> {
			Map<String, Object> shown = new LinkedHashMap<>();
			shown.put("locker", lock.locker());
			if (lock.since() != null) {
				shown.put("since", lock.since().toString());
			}
			if (lock.expiresIn() != null) {
				shown.put("expiresIn", seconds(lock.expiresIn()));
			}
			if (lock.fence() != 0) {
				shown.put("fence", lock.fence());
			}
			if (lock.note() != null) {
				shown.put("note", lock.note());
			}
			return shown;
		};
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

}
