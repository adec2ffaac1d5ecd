package io.locky.faults.history;

/**
 * A line of a history. All times in nanoseconds are those of {@link System#nanoTime()},
 * which all processes of one Linux machine read from the same monotonic clock.
 */
public sealed interface Entry permits Call, Seen {

	/** The application that wrote the line. */
	String process();

}
