package io.locky.faults.check;

import java.util.Set;

/**
 * What the faults of a run may legitimately break, and how its processes were set up.
 *
 * @param dataLost whether Redis may have lost data: locks that were granted twice, gone
 * or back are counted as such, and events may be missing or repeated
 * @param clockJumps whether the clock of Redis may have been set: leases may end early or
 * late, but with data lost too, fences may fall
 * @param answersLost whether answers may have been lost, or come late, so that the
 * library sent attempts again: one that was granted in between may end up denied
 * @param waiters whether requests that wait are among the calls: a free lock may be kept
 * for one of them, and denied without a holder to others
 * @param died the processes that died, or were stopped for longer than the ack time-out.
 * The calls that each had under way may have had an effect, although they are not in the
 * history, and other processes may publish its expiries again. A process that is started
 * again needs another name.
 * @param broadcast whether each process sees the events of all others
 * @param settled whether the history goes on until all leases are over and published
 * @param toleranceMillis how far the clocks may differ, in milliseconds
 */
public record Assumptions(boolean dataLost, boolean clockJumps, boolean answersLost, boolean waiters, Set<String> died,
		boolean broadcast, boolean settled, long toleranceMillis) {

	/**
	 * No fault: nothing may break.
	 * @return the assumptions, with a tolerance of 10 ms, without waiters and broadcast,
	 * not settled
	 */
	public static Assumptions none() {
		return new Assumptions(false, false, false, false, Set.of(), false, false, 10);
	}

	public Assumptions withDataLost() {
		return new Assumptions(true, this.clockJumps, this.answersLost, this.waiters, this.died, this.broadcast,
				this.settled, this.toleranceMillis);
	}

	public Assumptions withClockJumps() {
		return new Assumptions(this.dataLost, true, this.answersLost, this.waiters, this.died, this.broadcast,
				this.settled, this.toleranceMillis);
	}

	public Assumptions withAnswersLost() {
		return new Assumptions(this.dataLost, this.clockJumps, true, this.waiters, this.died, this.broadcast,
				this.settled, this.toleranceMillis);
	}

	public Assumptions withWaiters() {
		return new Assumptions(this.dataLost, this.clockJumps, this.answersLost, true, this.died, this.broadcast,
				this.settled, this.toleranceMillis);
	}

	/**
	 * With processes that died.
	 * @param processes their names, as in the history
	 * @return new assumptions
	 */
	public Assumptions withDied(Set<String> processes) {
		return new Assumptions(this.dataLost, this.clockJumps, this.answersLost, this.waiters, Set.copyOf(processes),
				this.broadcast, this.settled, this.toleranceMillis);
	}

	public Assumptions withBroadcast() {
		return new Assumptions(this.dataLost, this.clockJumps, this.answersLost, this.waiters, this.died, true,
				this.settled, this.toleranceMillis);
	}

	public Assumptions withSettled() {
		return new Assumptions(this.dataLost, this.clockJumps, this.answersLost, this.waiters, this.died,
				this.broadcast, true, this.toleranceMillis);
	}

	/**
	 * With another tolerance.
	 * @param millis how far the clocks may differ, in milliseconds
	 * @return new assumptions
	 */
	public Assumptions withTolerance(long millis) {
		return new Assumptions(this.dataLost, this.clockJumps, this.answersLost, this.waiters, this.died,
				this.broadcast, this.settled, millis);
	}

}
