package io.locky.internal.lock;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockySignals;
import io.locky.internal.redis.SignalListener;
import org.jspecify.annotations.Nullable;

/**
 * Carries out lock requests without the caller's thread. An attempt runs on one of a few
 * threads; between two attempts, a request that waits has no thread at all, so that any
 * number of them can wait.
 * <p>
 * Waiting requests queue per lock, first come, first served, and only the first of a
 * queue sends attempts. Callers that block have a queue of their own: see
 * {@link LocalWaiters}.
 */
public final class AsyncLockingFlow implements SignalListener, AutoCloseable {

	private static final int THREADS = 16;

	private final ExecutorService attempts = DaemonThreads.pool("locky-lock-", THREADS);

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
			DaemonThreads.named("locky-lock-timer-"));

	/** By resource, in the order of their arrival. */
	private final Map<String, Set<PendingRequest>> queues = new ConcurrentHashMap<>();

	private final LockingFlow flow;

	private final LockAcquirer acquirer;

	private final LockHandles handles;

	private final LockRenewer renewer;

	private final LockySignals signals;

	private final LongSupplier ticker;

	/**
	 * Creates the flow. To receive hints, it must be added to the signals as a listener.
	 * @param flow the rules of lock requests
	 * @param acquirer makes attempts
	 * @param handles creates handles
	 * @param renewer renews handles
	 * @param signals the source of hints, to which the first waiting request subscribes
	 * @param ticker the clock of the handles, in nanoseconds
	 */
	AsyncLockingFlow(LockingFlow flow, LockAcquirer acquirer, LockHandles handles, LockRenewer renewer,
			LockySignals signals, LongSupplier ticker) {
		this.flow = flow;
		this.acquirer = acquirer;
		this.handles = handles;
		this.renewer = renewer;
		this.signals = signals;
		this.ticker = ticker;
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
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
		pending.start();
		return pending.result();
	}

	LockAcquirer acquirer() {
		return this.acquirer;
	}

	LockHandles handles() {
		return this.handles;
	}

	long nanoTime() {
		return this.ticker.getAsLong();
	}

	void execute(Runnable attempt) {
		this.attempts.execute(attempt);
	}

	Future<?> schedule(Runnable task, Duration pause) {
		return this.timer.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
	}

	/** Adds a request to the end of its queue. */
	void join(PendingRequest request) {
		this.signals.subscribe();
		this.queues.compute(request.resource(), (resource, present) -> {
			Set<PendingRequest> queue = (present != null) ? present : new LinkedHashSet<>();
			queue.add(request);
			return queue;
		});
	}

	/** Removes a request. If it was the first one, the next one makes an attempt. */
	void leave(PendingRequest request) {
		boolean[] first = new boolean[1];
		this.queues.computeIfPresent(request.resource(), (resource, queue) -> {
			first[0] = queue.iterator().next() == request;
			queue.remove(request);
			return queue.isEmpty() ? null : queue;
		});
		if (first[0] && !this.attempts.isShutdown()) {
			wake(request.resource());
		}
	}

	boolean isFirst(PendingRequest request) {
		return first(request.resource()) == request;
	}

	private @Nullable PendingRequest first(String resource) {
		PendingRequest[] first = new PendingRequest[1];
		this.queues.computeIfPresent(resource, (name, queue) -> {
			first[0] = queue.iterator().next();
			return queue;
		});
		return first[0];
	}

	private void wake(String resource) {
		PendingRequest first = first(resource);
		if (first != null) {
			first.wake();
		}
	}

	/** The number of requests that wait for a lock. */
	int waiting(String resource) {
		int[] length = new int[1];
		this.queues.computeIfPresent(resource, (name, queue) -> {
			length[0] = queue.size();
			return queue;
		});
		return length[0];
	}

	@Override
	public void released(String resource) {
		wake(resource);
	}

	@Override
	public void subscribed() {
		this.queues.keySet().forEach(this::wake);
	}

	/**
	 * Ends all requests with an exception.
	 */
	@Override
	public void close() {
		this.timer.shutdownNow();
		for (Runnable task : this.attempts.shutdownNow()) {
			if (task instanceof PendingRequest request) {
				request.close();
			}
		}
		this.queues.values().forEach((queue) -> List.copyOf(queue).forEach(PendingRequest::close));
	}

}
