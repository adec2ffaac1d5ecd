package io.locky.internal.lock;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.internal.lock.LockAcquirer.Attempt;
import io.locky.internal.redis.AsyncScriptRunner;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.Exchange;
import io.locky.internal.reactive.OtherThread;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

/**
 * Carries out lock requests without the caller's thread. An attempt runs on one of a few
 * threads, or without one until its reply comes; between two attempts, a request that
 * waits has no thread at all, so that any number of them can wait. Its place is among
 * those of callers that block: see {@link LocalWaiters}.
 */
public final class AsyncLockingFlow implements AutoCloseable {

	private static final int THREADS = 16;

	private final Attempts attempts;

	private final Set<PendingRequest> pending;

	private final LockingFlow flow;

	private final LockAcquirer acquirer;

	private final LockHandles handles;

	private final LockRenewer renewer;

	private final LocalWaiters waiters;

	private final LongSupplier ticker;

	/**
	 * Creates a flow whose attempts run on threads of its own.
	 * @param scripts the access to Redis
	 * @param flow the rules of lock requests
	 * @param acquirer makes attempts
	 * @param handles creates handles
	 * @param renewer renews handles
	 * @param waiters the requests that wait
	 * @param ticker the clock of the handles, in nanoseconds
	 */
	AsyncLockingFlow(ScriptRunner scripts, LockingFlow flow, LockAcquirer acquirer, LockHandles handles,
			LockRenewer renewer, LocalWaiters waiters, LongSupplier ticker) {
		this(new ThreadedAttempts(scripts), ConcurrentHashMap.newKeySet(), flow, acquirer, handles, renewer, waiters,
				ticker);
	}

	private AsyncLockingFlow(Attempts attempts, Set<PendingRequest> pending, LockingFlow flow, LockAcquirer acquirer,
			LockHandles handles, LockRenewer renewer, LocalWaiters waiters, LongSupplier ticker) {
		this.attempts = attempts;
		this.pending = pending;
		this.flow = flow;
		this.acquirer = acquirer;
		this.handles = handles;
		this.renewer = renewer;
		this.waiters = waiters;
		this.ticker = ticker;
	}

	/**
	 * The same flow with attempts that need no thread. It ends together with this one.
	 * @param scripts makes the attempts
	 * @return the flow
	 */
	public AsyncLockingFlow over(AsyncScriptRunner scripts) {
		return new AsyncLockingFlow(new UnthreadedAttempts(scripts), this.pending, this.flow, this.acquirer,
				this.handles, this.renewer, this.waiters, this.ticker);
	}

	/**
	 * Refuses requests that are to be renewed and have no TTL.
	 * @param request the request
	 */
	public void requireRenewable(LockRequest request) {
		this.flow.renewEvery(request.options());
	}

	/**
	 * Acquires a lock.
	 * @param request the request
	 * @return completed with a handle or the lock that blocks it; once it is cancelled,
	 * the request waits no longer, and what it is granted nevertheless is released
	 */
	public CompletableFuture<LockAttempt> tryLock(LockRequest request) {
		Duration renewEvery = this.flow.renewEvery(request.options());
		PendingRequest pending = new PendingRequest(this, request, renewEvery);
		if (renewEvery != null) {
			// Before the attempt: a lock that cannot be renewed is not acquired.
			this.renewer.reserve();
			pending.result().whenComplete((attempt, failure) -> this.renewer.free());
		}
		this.pending.add(pending);
		pending.result().whenComplete((attempt, failure) -> this.pending.remove(pending));
		pending.start();
		return pending.result();
	}

	RequestMeasurements measurements() {
		return this.flow.measurements();
	}

	LockAcquirer acquirer() {
		return this.acquirer;
	}

	WaitingPlace enter(LockRequest request, Runnable wake) {
		return this.flow.enter(request, wake);
	}

	LocalWaiters waiters() {
		return this.waiters;
	}

	LockHandles handles() {
		return this.handles;
	}

	long nanoTime() {
		return this.ticker.getAsLong();
	}

	Attempts attempts() {
		return this.attempts;
	}

	/** The number of requests that wait for a lock. */
	int waiting(String resource) {
		return this.waiters.waiting(resource);
	}

	/**
	 * Ends all requests with an exception.
	 */
	@Override
	public void close() {
		this.attempts.close();
		List.copyOf(this.pending).forEach(PendingRequest::close);
	}

	/**
	 * Where the attempts of requests run.
	 */
	interface Attempts {

		/**
		 * Runs the begin of an attempt, up to {@link #send}.
		 * @param begin the begin, which does not block itself
		 * @throws RejectedExecutionException after the end
		 */
		void begin(Runnable begin);

		/**
		 * Makes an attempt.
		 * @param attempt the attempt
		 * @return its reply
		 */
		CompletableFuture<Attempt> send(Exchange<Attempt> attempt);

		/**
		 * Goes on with a reply, in a thread that may block.
		 * @param sent the reply
		 * @param answered gets the reply, or the failure
		 */
		void whenAnswered(CompletableFuture<Attempt> sent, BiConsumer<@Nullable Attempt, @Nullable Throwable> answered);

		/**
		 * Runs a task that may block.
		 * @param task the task
		 * @throws RejectedExecutionException after the end
		 */
		void execute(Runnable task);

		/** No more steps run. */
		void close();

	}

	/** A thread waits for the reply to an attempt. */
	private static final class ThreadedAttempts implements Attempts {

		private final ExecutorService threads = DaemonThreads.pool("locky-lock-", THREADS);

		private final ScriptRunner scripts;

		private ThreadedAttempts(ScriptRunner scripts) {
			this.scripts = scripts;
		}

		@Override
		public void begin(Runnable begin) {
			this.threads.execute(begin);
		}

		@Override
		public CompletableFuture<Attempt> send(Exchange<Attempt> attempt) {
			return CompletableFuture.completedFuture(this.scripts.run(attempt));
		}

		@Override
		public void whenAnswered(CompletableFuture<Attempt> sent,
				BiConsumer<@Nullable Attempt, @Nullable Throwable> answered) {
			sent.whenComplete(answered);
		}

		@Override
		public void execute(Runnable task) {
			this.threads.execute(task);
		}

		@Override
		public void close() {
			this.threads.shutdownNow();
		}

	}

	/** What follows from the reply runs in a thread that may block. */
	private record UnthreadedAttempts(AsyncScriptRunner scripts) implements Attempts {

		@Override
		public void begin(Runnable begin) {
			begin.run();
		}

		@Override
		public CompletableFuture<Attempt> send(Exchange<Attempt> attempt) {
			return this.scripts.run(attempt);
		}

		@Override
		public void whenAnswered(CompletableFuture<Attempt> sent,
				BiConsumer<@Nullable Attempt, @Nullable Throwable> answered) {
			OtherThread.whenComplete(sent, this.scripts::execute, answered);
		}

		@Override
		public void execute(Runnable task) {
			this.scripts.execute(task);
		}

		@Override
		public void close() {
			// The threads are not its own.
		}

	}

}
