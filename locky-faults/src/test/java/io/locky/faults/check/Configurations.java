package io.locky.faults.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Places in orders of calls without those that are of no use beside others: what used
 * more calls without an answer to reach the same state. Where only the times differ, it
 * keeps one with the times of both. So it may accept an order that is slightly wrong in
 * time, and never refuses a right one.
 */
final class Configurations {

	private final Map<Key, List<Configuration>> all = new LinkedHashMap<>();

	private int size;

	/**
	 * Adds a place.
	 * @param added the place
	 * @return what to go on from, or {@code null} if it is of no use
	 */
	@Nullable Configuration add(Configuration added) {
		List<Configuration> like = this.all.computeIfAbsent(Key.of(added), (key) -> new ArrayList<>(1));
		Configuration merged = added;
		for (Configuration old : List.copyOf(like)) {
			boolean covers = old.usesNoMoreThan(merged);
			if (covers && old.state().spans(merged.state())) {
				return null;
			}
			if (covers || merged.usesNoMoreThan(old)) {
				String used = covers ? old.used() : merged.used();
				merged = new Configuration(merged.done(), merged.state().or(old.state()), used);
				like.remove(old);
				this.size--;
			}
		}
		like.add(merged);
		this.size++;
		return merged;
	}

	Collection<Configuration> all() {
		return this.all.values().stream().flatMap(List::stream).toList();
	}

	int size() {
		return this.size;
	}

	private record Key(BitSet done, @Nullable String holder, long fence, long ttlNanos, boolean unanswered) {

		static Key of(Configuration of) {
			LockState state = of.state();
			return new Key(of.done(), state.holder(), state.fence(), state.ttlNanos(), state.unanswered());
		}

	}

}
