package io.locky.faults.check;

/**
 * What a history shows that a right lock never does.
 *
 * @param kind which promise is broken
 * @param resource on which resource
 * @param text the calls or events that show it
 * @param nanos when the last of them was there
 */
public record Violation(Kind kind, String resource, String text, long nanos) {

	/**
	 * Kinds of violations.
	 */
	public enum Kind {

		/** No order of grants, refreshes, releases and expiries explains an answer. */
		ILLEGAL_ORDER,

		/**
		 * A lock was granted that another grant held, where Redis may have lost data.
		 */
		DOUBLE_GRANT,

		/** A lock was gone, or back, where Redis may have lost data. */
		LOST_LOCK,

		/** A grant had a fence that is not higher than those of earlier grants. */
		FENCE_NOT_RISING,

		/** A save was accepted under a fence lower than one accepted before it. */
		STALE_SAVE,

		/** A grant began or ended without its event. */
		EVENT_MISSING,

		/** A grant began or ended twice. */
		EVENT_REPEATED,

		/** An event of a grant that nobody asked for. */
		EVENT_UNEXPECTED,

		/** The search for a legal order was given up: neither right nor wrong. */
		UNDECIDED;

		/**
		 * Whether this is what a fault that loses data may do, to be counted rather than
		 * to be fixed.
		 * @return whether the library has not promised otherwise
		 */
		public boolean isLossOfData() {
			return this == DOUBLE_GRANT || this == LOST_LOCK;
		}

	}

	@Override
	public String toString() {
		return this.kind + " " + this.resource + ": " + this.text;
	}

}
