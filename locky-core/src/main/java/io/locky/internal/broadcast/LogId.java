package io.locky.internal.broadcast;

/**
 * The place of an event in the log of its partition: what Redis calls the id of a stream
 * entry.
 *
 * @param millis the time of the entry, by the clock of Redis unless that ran backwards
 * @param sequence its number among those of the same millisecond
 * @since 0.1.0
 */
public record LogId(long millis, long sequence) implements Comparable<LogId> {

	/** Before all entries. */
	public static final LogId START = new LogId(0, 0);

	static LogId of(String text) {
		int dash = text.indexOf('-');
		return new LogId(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
	}

	@Override
	public int compareTo(LogId other) {
		int byTime = Long.compare(this.millis, other.millis);
		return (byTime != 0) ? byTime : Long.compare(this.sequence, other.sequence);
	}

	@Override
	public String toString() {
		return this.millis + "-" + this.sequence;
	}

}
