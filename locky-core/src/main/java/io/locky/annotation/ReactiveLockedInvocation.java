package io.locky.annotation;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.locky.LockAttempt;
import io.locky.LockLostException;
import io.locky.LockRequest;
import io.locky.ReactiveLockerResolver;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.annotation.MethodLockAcquirer.RequestedLocks;
import io.locky.internal.reactive.ReactiveHandOver;
import io.locky.observation.LockyObservation;
import io.locky.observation.LockyObservationContext.Outcome;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.ReactiveAdapter;

/**
 * A call of a method that returns a reactive type: each subscription acquires the locks,
 * calls the method, and releases the locks when the publisher terminates or is cancelled.
 * Nothing here waits for Redis: that is left to the reactive operations, or to threads of
 * Locky if there are none. This class is not loaded where there is no Reactor.
 */
final class ReactiveLockedInvocation {

	/** Under this key, the Reactor context has the current observation. */
	private static final Object OBSERVATION = "micrometer.observation";

	private final LockedMethod method;

	private final ReactiveAdapter adapter;

	private final MethodInvocation invocation;

	private final MethodLockAcquirer acquirer;

	private final CurrentLocker currentLocker;

	private final LockExecutor releases;

	private ReactiveLockedInvocation(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation,
			MethodLockAcquirer acquirer, CurrentLocker currentLocker, LockExecutor releases) {
		this.method = method;
		this.adapter = adapter;
		this.invocation = copy(invocation);
		this.acquirer = acquirer;
		this.currentLocker = currentLocker;
		this.releases = releases;
	}

	static Object publisher(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation,
			MethodLockAcquirer acquirer, CurrentLocker currentLocker, LockExecutor releases) {
		ReactiveLockedInvocation call = new ReactiveLockedInvocation(method, adapter, invocation, acquirer,
				currentLocker, releases);
		return adapter
			.fromPublisher(adapter.isMultiValue() ? Flux.deferContextual(call::many) : Mono.deferContextual(call::one));
	}

	/** The locker of the subscription, from the Reactor context or else the thread. */
	static Mono<String> resolve(CurrentLocker currentLocker) {
		return Mono.defer(() -> {
			if (currentLocker.resolver() instanceof ReactiveLockerResolver reactive) {
				return reactive.resolveReactiveLocker().mapNotNull(CurrentLocker::name);
			}
			return Mono.justOrEmpty(currentLocker.get());
		});
	}

	/** The locks in the Reactor context, and those of the thread that subscribes. */
	static HeldLocks heldLocks(ContextView context) {
		HeldLocks ofContext = context.getOrDefault(HeldLocks.class, null);
		return HeldLocks.current().and((ofContext != null) ? ofContext.locks() : List.of());
	}

	/**
	 * Calls a method that may block, on the scheduler that is there for it, and
	 * subscribes to its result. The result is hidden from {@code flatMap}, which rethrows
	 * a linkage error in its own thread instead of passing it on.
	 * @param method the method
	 * @return the elements of its result
	 */
	static Flux<Object> callMany(Callable<Publisher<?>> method) {
		return Mono.fromCallable(method)
			.subscribeOn(Schedulers.boundedElastic())
			.flatMapMany((result) -> Flux.<Object>from(result).hide());
	}

	/**
	 * Calls a method as {@link #callMany callMany} does.
	 * @param method the method
	 * @return the only element of its result
	 */
	static Mono<Object> callOne(Callable<Publisher<?>> method) {
		return Mono.fromCallable(method)
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((result) -> Mono.<Object>from(result).hide());
	}

	/** An invocation can proceed only once, but there may be many subscriptions. */
	private static ProxyMethodInvocation copy(MethodInvocation invocation) {
		return (ProxyMethodInvocation) ((ProxyMethodInvocation) invocation).invocableClone();
	}

	private Flux<Object> many(ContextView context) {
		LockyObservation observation = observe(context);
		AtomicReference<@Nullable LockLostException> loss = new AtomicReference<>();
		return Flux
			.usingWhen(acquire(context, observation),
					(acquired) -> callMany(() -> body(acquired)).contextWrite(acquired::addTo),
					(acquired) -> acquired.complete(loss), ReactiveAcquisition::fail, ReactiveAcquisition::cancel)
			.onErrorMap((ex) -> wraps(loss, ex), Throwable::getCause)
			.doOnError(observation::fail)
			.doFinally((signal) -> end(observation, signal))
			.contextWrite((observed) -> write(observation, observed));
	}

	private Mono<Object> one(ContextView context) {
		LockyObservation observation = observe(context);
		AtomicReference<@Nullable LockLostException> loss = new AtomicReference<>();
		return Mono
			.usingWhen(acquire(context, observation),
					(acquired) -> callOne(() -> body(acquired)).contextWrite(acquired::addTo),
					(acquired) -> acquired.complete(loss), ReactiveAcquisition::fail, ReactiveAcquisition::cancel)
			.onErrorMap((ex) -> wraps(loss, ex), Throwable::getCause)
			.doOnError(observation::fail)
			.doFinally((signal) -> end(observation, signal))
			.contextWrite((observed) -> write(observation, observed));
	}

	private LockyObservation observe(ContextView context) {
		return this.method.observe(this.acquirer.observations(), context.getOrDefault(OBSERVATION, null));
	}

	private static Context write(LockyObservation observation, Context context) {
		return observation.isNoop() ? context : context.put(OBSERVATION, observation.observation());
	}

	private static void end(LockyObservation observation, SignalType signal) {
		if (signal == SignalType.CANCEL) {
			observation.outcome(Outcome.CANCELLED);
		}
		observation.end();
	}

	/** Reactor wraps an exception that is thrown at the end. */
	private static boolean wraps(AtomicReference<@Nullable LockLostException> loss, Throwable failure) {
		return loss.get() != null && failure.getCause() == loss.get();
	}

	private Publisher<?> body(ReactiveAcquisition acquired) {
		LockedInvocation call = acquired.call();
		if (call == null) {
			return publisher(
					() -> this.method.resultIfDenied(this.invocation, Objects.requireNonNull(acquired.denied())));
		}
		if (this.method.isSuspending()) {
			return (subscriber) -> suspend(call, acquired, subscriber);
		}
		if (!acquired.body().enter()) {
			return Mono.empty(); // Cancelled.
		}
		try {
			return publisher(() -> call.proceed(copy(this.invocation), acquired.chain().locks()));
		}
		finally {
			acquired.body().exit();
		}
	}

	/**
	 * Starts a suspending function. That belongs to the call, because the function may
	 * begin in this thread as soon as there is a subscriber.
	 */
	private void suspend(LockedInvocation call, ReactiveAcquisition acquired, Subscriber<? super Object> subscriber) {
		if (!acquired.body().enter()) {
			Mono.empty().subscribe(subscriber); // Cancelled.
			return;
		}
		try {
			List<SharedLockHandle> chain = acquired.chain().locks();
			LockedCoroutine coroutine = new LockedCoroutine(call, chain, acquired.body());
			ProxyMethodInvocation inContext = copy(this.invocation);
			inContext.setArguments(coroutine.addTo(inContext.getArguments()));
			Flux.<Object>from(publisher(() -> call.proceed(inContext, chain)))
				.onErrorMap((ex) -> Objects.requireNonNullElse(coroutine.loss(), ex))
				.subscribe(subscriber);
		}
		finally {
			acquired.body().exit();
		}
	}

	private Publisher<?> publisher(Body body) {
		try {
			return ReactiveResult.publisher(this.adapter, body.run());
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

	/** A method, or what runs instead. */
	private interface Body {

		@Nullable Object run() throws Throwable;

	}

	private Mono<ReactiveAcquisition> acquire(ContextView context, LockyObservation observation) {
		HeldLocks chain = heldLocks(context);
		TransactionBoundRelease transaction = TransactionBoundRelease.current();
		if (transaction != null) {
			HeldLocks.enter(transaction);
		}
		Mono<String> locker = this.method.namesLocker() ? Mono.empty() : resolve(this.currentLocker);
		return locker.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((current) -> acquire(this.method.locksFor(this.invocation.getArguments(), current.orElse(null)),
					chain, transaction, observation));
	}

	private Mono<ReactiveAcquisition> acquire(RequestedLocks requested, HeldLocks chain,
			@Nullable TransactionBoundRelease transaction, LockyObservation observation) {
		if (observation.includesResource()) {
			observation.resources(requested.resources());
		}
		return Mono.deferContextual((context) -> ReactiveHandOver.ofCancellable(
				() -> observation.call(() -> this.acquirer.acquireAsync(requested, chain, attempts(context))),
				(call) -> granted(call, chain).cancel().subscribe(), Runnable::run))
			.map((call) -> {
				observation.outcome(Outcome.GRANTED);
				if (transaction != null) {
					transaction.keepFromOtherThread(call);
				}
				return granted(call, chain);
			})
			.onErrorResume(ResourceLockedException.class, (denied) -> {
				observation.outcome(Outcome.DENIED);
				return Mono.just(new ReactiveAcquisition(null, denied, chain, new RunningBody(), this.releases));
			})
			.doOnDiscard(ReactiveAcquisition.class, (acquired) -> acquired.cancel().subscribe());
	}

	private ReactiveAcquisition granted(LockedInvocation call, HeldLocks chain) {
		return new ReactiveAcquisition(call, null, chain.and(call.locks()), new RunningBody(), this.releases);
	}

	private Function<LockRequest, CompletableFuture<LockAttempt>> attempts(ContextView context) {
		ReactiveLockyOperations reactive = this.acquirer.reactive();
		return (reactive != null) ? (request) -> ReactiveAttempt.begin(reactive, request, context)
				: this.acquirer.operations()::tryLockAsync;
	}

	/**
	 * What a subscription acquired.
	 *
	 * @param call the call with its locks, or {@code null} if one was denied
	 * @param denied the denial, or {@code null}
	 * @param chain the locks of the call chain, with the new ones
	 * @param body what runs of the method
	 * @param releases the threads that release the locks
	 */
	private record ReactiveAcquisition(@Nullable LockedInvocation call, @Nullable ResourceLockedException denied,
			HeldLocks chain, RunningBody body, LockExecutor releases) {

		Context addTo(Context context) {
			return context.put(HeldLocks.class, this.chain);
		}

		Mono<Void> complete(AtomicReference<@Nullable LockLostException> lost) {
			return release().flatMap((loss) -> {
				lost.set(loss);
				return Mono.error(loss);
			});
		}

		Mono<Void> fail(Throwable failure) {
			return release().doOnNext((loss) -> LockedInvocation.addTo(failure, loss)).then();
		}

		Mono<Void> cancel() {
			return release().then();
		}

		/** The loss of a lock that is to be reported, or empty. */
		private Mono<LockLostException> release() {
			LockedInvocation locked = this.call;
			if (locked == null) {
				return Mono.empty();
			}
			Mono<LockLostException> release = Mono.fromFuture(() -> locked.endAsync(this.releases), true);
			return Mono.fromFuture(this.body.close(), true).then(release);
		}

	}

}
