package io.locky.faults.check;

import java.util.BitSet;

/**
 * A place in an order of calls.
 *
 * @param done which of the calls that are under way come before it, by their slots
 * @param state the state of the lock
 * @param used for each group of equal calls without an answer, how many of them come
 * before it
 */
record Configuration(BitSet done, LockState state, String used) {

	Configuration(int groups) {
		this(new BitSet(), LockState.FIRST, "\0".repeat(groups));
	}

	Configuration with(LockState next) {
		return new Configuration(this.done, next, this.used);
	}

	Configuration with(int slot, LockState next) {
		BitSet bits = (BitSet) this.done.clone();
		bits.set(slot);
		return new Configuration(bits, next, this.used);
	}

	Configuration without(int first, int second) {
		BitSet bits = (BitSet) this.done.clone();
		bits.clear(first);
		bits.clear(second);
		return new Configuration(bits, this.state, this.used);
	}

	Configuration using(int group, LockState next) {
		char[] counts = this.used.toCharArray();
		counts[group]++;
		return new Configuration(this.done, next, new String(counts));
	}

	/** Whether all that is possible from another one is possible from here. */
	boolean usesNoMoreThan(Configuration other) {
		if (this.used.equals(other.used)) {
			return true;
		}
		for (int i = 0; i < this.used.length(); i++) {
			if (this.used.charAt(i) > other.used.charAt(i)) {
				return false;
			}
		}
		return true;
	}

}
