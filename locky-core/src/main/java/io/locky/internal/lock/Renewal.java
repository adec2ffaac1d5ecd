package io.locky.internal.lock;

/**
 * When a handle is renewed next. Changed by the renewing thread only.
 */
final class Renewal {

	private static final long SHORTEST_RETRY = 1_000_000;

	private static final long LONGEST_RETRY = 1_000_000_000;

	private final FencedLockHandle handle;

	private final long period;

	private volatile long next;

	Renewal(FencedLockHandle handle, long now, long period) {
		this.handle = handle;
		this.period = period;
		this.next = now + period;
	}

	FencedLockHandle handle() {
		return this.handle;
	}

	/** A little early is well: it saves a batch of its own. */
	boolean isDue(long now) {
		return nanosUntilDue(now) <= this.period / 8;
	}

	long nanosUntilDue(long now) {
		return this.next - now;
	}

	void succeeded(long sent) {
		this.next = sent + this.period;
	}

	/** Redis did not answer: there is time for several more attempts within the lease. */
	void failed(long now) {
		this.next = now + Math.max(SHORTEST_RETRY, Math.min(this.period / 4, LONGEST_RETRY));
	}

}
