package io.locky.faults.check;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;

/**
 * A call with an answer, while the search is between its start and its end.
 */
final class OpenCall {

	private final Call call;

	/** The same call if its answer had got lost, and it was sent again. */
	private final Call firstSending;

	private final boolean read;

	private final boolean sentAgain;

	private final long ownedFence;

	private int slot = -1;

	private boolean returned;

	OpenCall(Call call, boolean answersLost) {
		this.call = call;
		this.firstSending = new Call(call.process(), call.operation(), call.resource(), call.locker(), call.fence(),
				call.ttlMillis(), Answer.UNKNOWN, call.calledNanos(), call.answeredNanos());
		this.read = LeaseRules.isRead(call);
		// What it was granted must have ended before it was denied.
		this.sentAgain = answersLost && call.answer().kind() == Answer.Kind.DENIED
				&& call.answeredNanos() - call.calledNanos() >= call.ttlMillis() * 1_000_000;
		long named = (call.fence() != null) ? call.fence() : ResourceHistory.fenceOf(call);
		this.ownedFence = (call.answer().kind() == Answer.Kind.DONE) ? named : 0;
	}

	Call call() {
		return this.call;
	}

	Call firstSending() {
		return this.firstSending;
	}

	/** Whether its place does not matter: as soon as its answer is right. */
	boolean isRead() {
		return this.read && !this.sentAgain;
	}

	boolean isSentAgain() {
		return this.sentAgain;
	}

	/** The fence of the grant that it refreshed or released, 0 if that is not known. */
	long ownedFence() {
		return this.ownedFence;
	}

	boolean isReturned() {
		return this.returned;
	}

	void begin(int at) {
		this.slot = at;
	}

	void end() {
		this.returned = true;
	}

	/**
	 * Its place in {@link Configuration#done()}; the next one is of its first sending.
	 */
	int slot() {
		return this.slot;
	}

	boolean isDone(Configuration at) {
		return this.returned || (this.slot >= 0 && at.done().get(this.slot));
	}

}
