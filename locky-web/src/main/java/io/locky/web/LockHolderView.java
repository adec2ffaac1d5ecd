package io.locky.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.locky.LockInfo;
import org.jspecify.annotations.Nullable;

/**
 * Decides what HTTP answers reveal about the holder of a lock. Register a bean of this
 * type to hide the locker, or to show a name instead of an id. <pre>{@code
 * LockHolderView anonymous = (lock) -> Map.of("since", String.valueOf(lock.since()));
 * }</pre>
 *
 * @since 0.9.0
 */
@FunctionalInterface
public interface LockHolderView {

	/**
	 * Returns what to show of a lock.
	 * @param lock the lock
	 * @return members of the JSON answer by their names; {@code resource} is always
	 * added. In a problem detail, names that it has itself, such as {@code status}, are
	 * left out
	 */
	Map<String, ?> show(LockInfo lock);

	/**
	 * Returns what to show of a lock to one caller. Override it if that depends on the
	 * caller. Only called for callers who may watch the resource, or hold the lock.
	 * @param lock the lock
	 * @param viewer the caller, or {@code null} if it is not known: in the answers to
	 * exceptions that leave a controller of the application
	 * @return members of the JSON answer by their names; unless overridden, those of
	 * {@link #show(LockInfo)}
	 */
	default Map<String, ?> show(LockInfo lock, @Nullable LockCaller viewer) {
		return show(lock);
	}

	/**
	 * Shows everything: {@code locker}, {@code since} (ISO-8601), {@code expiresIn} (in
	 * seconds, with a fraction), {@code fence}, {@code note} and {@code idleSince}
	 * (ISO-8601), each only if the lock has it.
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
			if (lock.idleSince() != null) {
				shown.put("idleSince", lock.idleSince().toString());
			}
			return shown;
		};
	}

	private static double seconds(Duration duration) {
		return duration.toMillis() / 1000.0;
	}

}
