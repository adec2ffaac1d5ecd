package io.locky.benchmark.operation;

import java.util.stream.IntStream;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Names of resources that no other thread uses, in turn.
 */
@State(Scope.Thread)
public class Resources {

	private static final int COUNT = 128;

	private String[] names = {};

	private int last;

	/**
	 * Makes the names.
	 * @param thread the thread that uses them
	 */
	@Setup
	public void name(ThreadParams thread) {
		this.names = IntStream.range(0, COUNT)
			.mapToObj((i) -> "article:%d-%d".formatted(thread.getThreadIndex(), i))
			.toArray(String[]::new);
	}

	String next() {
		this.last = (this.last + 1) % COUNT;
		return this.names[this.last];
	}

}
