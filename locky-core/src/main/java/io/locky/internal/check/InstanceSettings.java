package io.locky.internal.check;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;

import io.locky.internal.redis.JsonTexts;
import io.locky.internal.redis.LockyKeys;
import org.jspecify.annotations.Nullable;

/**
 * What must be the same on all instances that share locks.
 *
 * @param instance the name of the instance
 * @param host the name of its machine, empty if it is unknown
 * @param version its version of Locky
 * @param format the newest format of data in Redis that it can read
 * @param partitions how many partitions the locks are in
 * @param broadcast whether it keeps and follows the event log
 * @param npmInterop whether it shares locks with the npm package
 * @param lockerIndex whether it keeps the index by locker, {@code null} for an earlier
 * version, which does not
 * @param lines whether there are lines of people, {@code null} for an earlier version
 * @param history whether it keeps the history of locks, {@code null} for an earlier
 * version
 */
record InstanceSettings(String instance, String host, String version, int format, int partitions, boolean broadcast,
		boolean npmInterop, @Nullable Boolean lockerIndex, @Nullable Boolean lines, @Nullable Boolean history) {

	/** The newest format of a record, claim or log entry that this version can read. */
	private static final int FORMAT = 1;

	/**
	 * The settings of this instance.
	 * @param instance its name
	 * @param keys the names of the keys
	 * @return the settings
	 */
	static InstanceSettings own(String instance, LockyKeys keys) {
		String version = InstanceSettings.class.getPackage().getImplementationVersion();
		return new InstanceSettings(instance, localHost(), Objects.requireNonNullElse(version, "unknown"), FORMAT,
				keys.partitions().size(), keys.eventLog().isKept(), keys.isNpmInterop(), keys.hasLockerIndex(),
				keys.hasLine(), keys.history() != null);
	}

	private static String localHost() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "";
		}
	}

	/**
	 * The settings as {@code settings.lua} records them, behind the time.
	 * @return the texts
	 */
	List<String> texts() {
		return List.of(this.host, this.version, Integer.toString(this.format), Integer.toString(this.partitions),
				Boolean.toString(this.broadcast), Boolean.toString(this.npmInterop), String.valueOf(this.lockerIndex),
				String.valueOf(this.lines), String.valueOf(this.history));
	}

	/**
	 * Reads what {@code settings.lua} has recorded.
	 * @param instance the name of the instance
	 * @param text the record
	 * @return the settings, or {@code null} if another version wrote them in a format
	 * that this one cannot read
	 */
	static @Nullable InstanceSettings read(String instance, String text) {
		if (!JsonTexts.isFirstFormat(text)) {
			return null;
		}
		try {
			List<String> texts = JsonTexts.read(text);
			return new InstanceSettings(instance, texts.get(1), texts.get(2), Integer.parseInt(texts.get(3)),
					Integer.parseInt(texts.get(4)), Boolean.parseBoolean(texts.get(5)),
					Boolean.parseBoolean(texts.get(6)), flag(texts, 7), flag(texts, 8), flag(texts, 9));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
			return null;
		}
	}

	private static @Nullable Boolean flag(List<String> texts, int index) {
		return (texts.size() > index) ? Boolean.valueOf(texts.get(index)) : null;
	}

	/**
	 * The name of the instance and where it runs.
	 * @return a text for people
	 */
	String name() {
		return this.host.isEmpty() ? this.instance : this.instance + " on " + this.host;
	}

}
