package io.locky.internal.expiration;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Visits partitions so that one that fails keeps no other waiting: it comes last from
 * then on, and of those that failed only one is tried until it answers. So a node that
 * hangs costs one time-out a round, and not one for each of its partitions. Used by one
 * thread.
 */
final class FailingLast {

	private final Set<ExpiryDispatcher> failing = new HashSet<>();

	boolean isFailing(ExpiryDispatcher teller) {
		return this.failing.contains(teller);
	}

	/**
	 * Visits them.
	 * @param tellers the partitions
	 * @param visit what to do, which talks to Redis
	 * @throws RuntimeException the last failure, after the others were visited
	 */
	void forEach(List<ExpiryDispatcher> tellers, Consumer<ExpiryDispatcher> visit) {
		RuntimeException failure = null;
		for (ExpiryDispatcher teller : tellers.stream().sorted(Comparator.comparing(this.failing::contains)).toList()) {
			if (failure != null && isFailing(teller)) {
				continue;
			}
			try {
				visit.accept(teller);
				this.failing.remove(teller);
			}
			catch (RuntimeException ex) {
				this.failing.add(teller);
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
