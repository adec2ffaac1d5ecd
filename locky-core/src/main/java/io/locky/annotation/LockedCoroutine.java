package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.LockLostException;
import kotlin.Unit;
import kotlin.coroutines.AbstractCoroutineContextElement;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.ThreadContextElement;
import org.jspecify.annotations.Nullable;

import org.springframework.core.CoroutinesUtils;

/**
 * The locks of a call in the context of the coroutine that runs its suspending function:
 * each thread has them while it runs a part of the function. This class is not loaded
 * where there is no Kotlin.
 */
final class LockedCoroutine extends AbstractCoroutineContextElement implements ThreadContextElement<Boolean> {

	private static final CoroutineContext.Key<LockedCoroutine> KEY = new CoroutineContext.Key<>() {
	};

	private final LockedInvocation call;

	private final List<SharedLockHandle> chain;

	private final RunningBody body;

	private final AtomicBoolean started = new AtomicBoolean();

	private volatile @Nullable LockLostException loss;

	/**
	 * Creates the locks of a coroutine that is not started yet.
	 * @param call the call
	 * @param chain the locks of the call and of the chain around it
	 * @param body what runs of the function, which the coroutine is a part of
	 */
	LockedCoroutine(LockedInvocation call, List<SharedLockHandle> chain, RunningBody body) {
		super(KEY);
		this.call = call;
		this.chain = chain;
		this.body = body;
	}

	/**
	 * Adds these locks to the context that Spring makes the coroutine with.
	 * @param arguments the arguments of the call, with the continuation of the caller
	 * @return a copy, with a continuation that has these locks
	 */
	@Nullable Object[] addTo(@Nullable Object[] arguments) {
		@Nullable Object[] changed = arguments.clone();
		changed[changed.length - 1] = new LockedContinuation(continuation(arguments), this);
		return changed;
	}

	/**
	 * The loss because of which the function did not start.
	 * @return the exception, or {@code null} if the function started
	 */
	@Nullable LockLostException loss() {
		return this.loss;
	}

	@Override
	public Boolean updateThreadContext(CoroutineContext context) {
		boolean first = this.started.compareAndSet(false, true);
		Job job = context.get(Job.Key);
		if (first && job != null) {
			start(job);
		}
		HeldLocks.enter(this.chain);
		return first;
	}

	@Override
	public void restoreThreadContext(CoroutineContext context, Boolean first) {
		HeldLocks.exit(this.chain);
	}

	/**
	 * A coroutine that is cancelled before it starts does not start: one that was
	 * cancelled by its caller, and one that waited for its thread longer than a lock was
	 * held. One that is cancelled later runs until it completes.
	 */
	private void start(Job job) {
		if (this.body.enter()) {
			job.invokeOnCompletion((cause) -> {
				this.body.exit();
				return Unit.INSTANCE;
			});
		}
		try {
			this.call.requireValid();
		}
		catch (LockLostException ex) {
			this.loss = ex;
			CancellationException cancellation = new CancellationException(ex.getMessage());
			cancellation.initCause(ex);
			job.cancel(cancellation);
		}
	}

	/**
	 * Calls another suspending function instead.
	 * @param function the function
	 * @param target the bean
	 * @param arguments the arguments of the call, with the continuation of the caller
	 * @param own the arguments of the function
	 * @return the publisher of its result
	 */
	static Object callInstead(Method function, @Nullable Object target, @Nullable Object[] arguments,
			@Nullable Object[] own) {
		CoroutineContext context = continuation(arguments).getContext().minusKey(Job.Key);
		return CoroutinesUtils.invokeSuspendingFunction(context, function, target, own);
	}

	private static Continuation<?> continuation(@Nullable Object[] arguments) {
		return (Continuation<?>) Objects.requireNonNull(arguments[arguments.length - 1]);
	}

	/**
	 * The continuation of the caller, with the locks in its context.
	 *
	 * @param caller the continuation of the caller
	 * @param locks the locks
	 */
	private record LockedContinuation(Continuation<?> caller, LockedCoroutine locks) implements Continuation<Object> {

		@Override
		public CoroutineContext getContext() {
			return this.caller.getContext().plus(this.locks);
		}

		@Override
		public void resumeWith(Object result) {
			this.caller.resumeWith(result);
		}

	}

}
