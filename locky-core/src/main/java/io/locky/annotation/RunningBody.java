package io.locky.annotation;

import java.util.concurrent.CompletableFuture;

/**
 * What runs of the method of a reactive call. A cancelled call keeps its locks until
 * nothing of its method runs any more.
 */
final class RunningBody {

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private int running;

	private boolean closed;

	/**
	 * Begins a part of the method.
	 * @return false if the call has ended, and the part must not begin
	 */
	synchronized boolean enter() {
		if (this.closed && this.running == 0) {
			return false;
		}
		this.running++;
		return true;
	}

	void exit() {
		boolean last;
		synchronized (this) {
			this.running--;
			last = this.closed && this.running == 0;
		}
		if (last) {
			this.end.complete(null);
		}
	}

	/**
	 * Ends the call.
	 * @return completed once nothing of the method runs
	 */
	CompletableFuture<Void> close() {
		boolean last;
		synchronized (this) {
			this.closed = true;
			last = this.running == 0;
		}
		if (last) {
			this.end.complete(null);
		}
		return this.end;
	}

}
