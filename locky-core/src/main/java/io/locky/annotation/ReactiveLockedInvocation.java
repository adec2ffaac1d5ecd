package io.locky.annotation;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.locky.LockLostException;
import io.locky.LockNames;
import io.locky.ReactiveLockerResolver;
import io.locky.ResourceLockedException;
import io.locky.annotation.MethodLockAcquirer.RequestedLocks;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.ReactiveAdapter;

/**
 * A call of a method that returns a reactive type: each subscription acquires the locks,
 * calls the method, and releases the locks when the publisher terminates or is cancelled.
 * Calls to Redis run on threads that may block. This class is not loaded where there is
 * no Reactor.
 */
final class ReactiveLockedInvocation {

	private final LockedMethod method;

	private final ReactiveAdapter adapter;

	private final MethodInvocation invocation;

	private final MethodLockAcquirer acquirer;

	private final CurrentLocker currentLocker;

	private ReactiveLockedInvocation(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation,
			MethodLockAcquirer acquirer, CurrentLocker currentLocker) {
		this.method = method;
		this.adapter = adapter;
		this.invocation = copy(invocation);
		this.acquirer = acquirer;
		this.currentLocker = currentLocker;
	}

	static Object publisher(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation,
			MethodLockAcquirer acquirer, CurrentLocker currentLocker) {
		ReactiveLockedInvocation call = new ReactiveLockedInvocation(method, adapter, invocation, acquirer,
				currentLocker);
		return adapter
			.fromPublisher(adapter.isMultiValue() ? Flux.deferContextual(call::many) : Mono.deferContextual(call::one));
	}

	/** The locker of the subscription, from the Reactor context or else the thread. */
	static Mono<String> resolve(CurrentLocker currentLocker) {
		return Mono.defer(() -> {
			if (currentLocker.resolver() instanceof ReactiveLockerResolver reactive) {
				return reactive.resolveReactiveLocker().map(LockNames::locker);
			}
			return Mono.justOrEmpty(currentLocker.get());
		});
	}

	/** The locks in the Reactor context, and those of the thread that subscribes. */
	static HeldLocks heldLocks(ContextView context) {
		HeldLocks current = HeldLocks.current();
		return context.hasKey(HeldLocks.class) ? current.and(context.get(HeldLocks.class).locks()) : current;
	}

	/** An invocation can proceed only once, but there may be many subscriptions. */
	private static MethodInvocation copy(MethodInvocation invocation) {
		return ((ProxyMethodInvocation) invocation).invocableClone();
	}

	private Flux<Object> many(ContextView context) {
		AtomicReference<@Nullable LockLostException> loss = new AtomicReference<>();
		return Flux
			.usingWhen(acquire(context), (acquired) -> Flux.from(body(acquired)).contextWrite(acquired::addTo),
					(acquired) -> acquired.complete(loss), ReactiveAcquisition::fail, ReactiveAcquisition::cancel)
			.onErrorMap((ex) -> wraps(loss, ex), Throwable::getCause);
	}

	private Mono<Object> one(ContextView context) {
		AtomicReference<@Nullable LockLostException> loss = new AtomicReference<>();
		return Mono
			.usingWhen(acquire(context), (acquired) -> Mono.from(body(acquired)).contextWrite(acquired::addTo),
					(acquired) -> acquired.complete(loss), ReactiveAcquisition::fail, ReactiveAcquisition::cancel)
			.onErrorMap((ex) -> wraps(loss, ex), Throwable::getCause);
	}

	/** Reactor wraps an exception that is thrown at the end. */
	private static boolean wraps(AtomicReference<@Nullable LockLostException> loss, Throwable failure) {
		return loss.get() != null && failure.getCause() == loss.get();
	}

	private Publisher<Object> body(ReactiveAcquisition acquired) {
		try {
			ResourceLockedException denied = acquired.denied();
			Object result = (denied != null) ? this.method.resultIfDenied(this.invocation, denied)
					: LockedInvocation.proceed(copy(this.invocation), acquired.chain().locks());
			return this.adapter.toPublisher(result);
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

	private Mono<ReactiveAcquisition> acquire(ContextView context) {
		HeldLocks chain = heldLocks(context);
		Mono<String> locker = this.method.namesLocker() ? Mono.empty() : resolve(this.currentLocker);
		return locker.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((current) -> acquire(this.method.locksFor(this.invocation.getArguments(), current.orElse(null)),
					chain));
	}

	private Mono<ReactiveAcquisition> acquire(RequestedLocks requested, HeldLocks chain) {
		return Mono.<ReactiveAcquisition>create((sink) -> {
			AtomicBoolean cancelled = new AtomicBoolean();
			Disposable task = Schedulers.boundedElastic().schedule(() -> acquire(requested, chain, sink, cancelled));
			sink.onCancel(() -> {
				cancelled.set(true);
				task.dispose();
			});
		}).doOnDiscard(ReactiveAcquisition.class, (acquired) -> acquired.cancel().subscribe());
	}

	private void acquire(RequestedLocks requested, HeldLocks chain, MonoSink<ReactiveAcquisition> sink,
			AtomicBoolean cancelled) {
		ReactiveAcquisition acquired;
		try {
			LockedInvocation call = this.acquirer.acquire(requested, chain);
			acquired = new ReactiveAcquisition(call, null, chain.and(call.locks()));
		}
		catch (ResourceLockedException ex) {
			acquired = new ReactiveAcquisition(null, ex, chain);
		}
		catch (RuntimeException ex) {
			if (!cancelled.get()) {
				sink.error(ex);
			}
			return;
		}
		sink.success(acquired);
	}

	/**
	 * What a subscription acquired.
	 *
	 * @param call the call with its locks, or {@code null} if one was denied
	 * @param denied the denial, or {@code null}
	 * @param chain the locks of the call chain, with the new ones
	 */
	private record ReactiveAcquisition(@Nullable LockedInvocation call, @Nullable ResourceLockedException denied,
			HeldLocks chain) {

		Context addTo(Context context) {
			return context.put(HeldLocks.class, this.chain);
		}

		Mono<Void> complete(AtomicReference<@Nullable LockLostException> lost) {
			return blocking((call) -> {
				LockLostException loss = call.end();
				lost.set(loss);
				if (loss != null) {
					throw loss;
				}
			});
		}

		Mono<Void> fail(Throwable failure) {
			return blocking((call) -> call.end(failure));
		}

		Mono<Void> cancel() {
			return blocking(LockedInvocation::end);
		}

		private Mono<Void> blocking(Consumer<LockedInvocation> action) {
			if (this.call == null) {
				return Mono.empty();
			}
			LockedInvocation locked = this.call;
			return Mono.<Void>fromRunnable(() -> action.accept(locked)).subscribeOn(Schedulers.boundedElastic());
		}

	}

}
