package io.locky.internal.lock;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.internal.lock.AcquireReply.Denied;
import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.internal.lock.LockAcquirer.Attempt;
import io.locky.internal.lock.LockCommands.Waiting;
import io.locky.internal.lock.RequestMeasurements.Measurement;
import io.locky.metrics.LockyMetrics.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request without the caller's thread. At any time, at most one thread works on it: a
 * hint that comes while an attempt runs makes it attempt once more.
 */
final class PendingRequest implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(PendingRequest.class);

	private final AsyncLockingFlow flow;

	private final LockRequest request;

	private final @Nullable Duration renewEvery;

	/** When the wait ends, by the clock of the handles; {@code null} for no wait. */
	private final @Nullable Long end;

	private final CompletableFuture<LockAttempt> result = new CompletableFuture<>();

	private final Measurement measurement;

	/** {@code null} if the request does not wait. */
	private final @Nullable WaitingPlace place;

	private boolean attempting;

	private boolean wakened;

	private @Nullable Future<?> pause;

	private volatile @Nullable LockHandle granted;

	PendingRequest(AsyncLockingFlow flow, LockRequest request, @Nullable Duration renewEvery) {
		this.flow = flow;
		this.request = request;
		this.renewEvery = renewEvery;
		Duration wait = LockingFlow.waitTimeout(request.options());
		this.end = (wait != null) ? flow.nanoTime() + wait.toNanos() : null;
		this.place = (wait != null) ? flow.enter(request, this::wake) : null;
		this.measurement = flow.measurements().begin(request.resource());
	}

	String resource() {
		return this.request.resource();
	}

	CompletableFuture<LockAttempt> result() {
		return this.result;
	}

	void start() {
		this.result.whenComplete((attempt, failure) -> {
			if (this.result.isCancelled()) {
				cancelled();
			}
		});
		wake();
	}

	/** Makes an attempt soon. */
	void wake() {
		synchronized (this) {
			this.wakened = true;
			if (this.attempting) {
				return;
			}
			this.attempting = true;
			endPause();
		}
		begin();
	}

	/** Makes an attempt. */
	@Override
	public void run() {
		synchronized (this) {
			this.wakened = false;
		}
		if (this.result.isDone()) {
			return;
		}
		try {
			boolean stays = rest() > 0;
			this.flow.attempts()
				.whenAnswered(this.measurement.observe(() -> send(stays)),
						(attempt, failure) -> answered(attempt, failure, stays));
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	private CompletableFuture<Attempt> send(boolean stays) {
		Waiting waiting = (this.place != null) ? this.place.attempt(stays) : Waiting.NONE;
		return this.flow.attempts().send(this.flow.acquirer().acquire(this.request, waiting));
	}

	private void answered(@Nullable Attempt attempt, @Nullable Throwable failure, boolean stays) {
		try {
			if (attempt == null) {
				fail(Objects.requireNonNull(failure));
				return;
			}
			Duration next = this.measurement.observe(() -> evaluate(attempt, stays));
			if (next != null && !pause(next)) {
				begin();
			}
		}
		catch (Throwable ex) {
			fail(ex);
		}
	}

	/** Pauses, unless there was a hint during the attempt. */
	private synchronized boolean pause(Duration next) {
		if (this.wakened || next.isZero()) {
			return false;
		}
		this.attempting = false;
		if (!this.result.isDone()) {
			this.pause = this.flow.waiters().schedule(this::wake, next);
		}
		return true;
	}

	private void endPause() {
		if (this.pause != null) {
			this.pause.cancel(false);
		}
	}

	private void begin() {
		start(() -> this.flow.attempts().begin(this));
	}

	private void execute(Runnable task) {
		start(() -> this.flow.attempts().execute(task));
	}

	private void start(Runnable starter) {
		try {
			starter.run();
		}
		catch (RejectedExecutionException ex) {
			close();
		}
		catch (Throwable ex) {
			// No thread could be created.
			fail(ex);
		}
	}

	/**
	 * Evaluates an attempt.
	 * @return how long to pause before the next one, or {@code null} if this was the last
	 */
	private @Nullable Duration evaluate(Attempt attempt, boolean stays) {
		Duration pause = (this.place != null) ? this.place.answered(attempt.reply(), Duration.ofNanos(rest()))
				: Duration.ZERO;
		if (attempt.reply() instanceof Granted reply) {
			leave();
			deliver(reply, attempt.sent());
			return null;
		}
		if (!stays) {
			leave();
			this.measurement.ended(attempt.reply());
			this.result.complete(new LockAttempt.Denied(((Denied) attempt.reply()).lock()));
			return null;
		}
		if (this.result.isDone()) {
			// It has left during the attempt.
			leave();
		}
		this.measurement.waits();
		return pause;
	}

	/** For how long it waits still, in nanoseconds. */
	private long rest() {
		return (this.end != null) ? Math.max(0, this.end - this.flow.nanoTime()) : 0;
	}

	private void deliver(Granted reply, long sent) {
		LockHandle handle = this.flow.handles()
			.create(reply.grant(), this.request.locker(), sent, this.renewEvery,
					this.request.options().keepOnShutdown());
		this.granted = handle;
		this.measurement.ended(reply);
		this.flow.acquirer().publish(reply, this.request.locker(), this.request.options().note());
		if (!this.result.complete(new LockAttempt.Acquired(handle))) {
			giveBack();
		}
	}

	private void cancelled() {
		leave();
		this.measurement.ended(Outcome.CANCELLED);
		synchronized (this) {
			endPause();
		}
		if (this.granted != null) {
			// A listener of the grant may take long.
			execute(this::giveBack);
		}
	}

	private void giveBack() {
		LockHandle handle = this.granted;
		try {
			if (handle != null) {
				handle.close();
			}
		}
		catch (RuntimeException ex) {
			logger.warn("{} was cancelled, could not be released and ends with its lease: {}", handle, ex.getMessage());
		}
	}

	private void leave() {
		if (this.place != null) {
			this.place.close();
		}
	}

	private void fail(Throwable failure) {
		leave();
		this.measurement.ended(Outcome.FAILED);
		if (this.result.completeExceptionally(failure) || this.result.isCancelled()) {
			giveBack();
		}
	}

	void close() {
		fail(new IllegalStateException("The LockyTemplate was closed before '%s' was acquired".formatted(resource())));
	}

}
