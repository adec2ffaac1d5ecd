package io.locky.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.locky.LockInfo;

/**
 * Decides what HTTP answers tell of the holder of a lock. Register a bean of this type to
 * hide who it is, or to show a name instead of an id. <pre>{@code
 * LockHolderView nobodyByName = (lock) -> Map.of("since", String.valueOf(lock.since()));
 * }</pre>
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface LockHolderView {

	/**
	 * What is told of a lock.
	 * @param lock the lock that is in the way
	 * @return members of the JSON answer by their names; {@code resource} is there anyway
	 */
	Map<String, ?> show(LockInfo lock);

	/**
	 * All that is known: {@code locker}, {@code since} (ISO-8601), {@code expiresIn} (in
	 * seconds, with a fraction), {@code fence} and {@code note}, each only where there is
	 * one.
	 * @return the view that is used by default
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
