package io.locky.annotation;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import io.locky.LockLostException;
import io.locky.ResourceLockedException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.ReactiveAdapter;

/**
 * A call of a method that returns a reactive type: each subscription takes the locks,
 * calls the method and gives the locks back when it has ended or is cancelled. What waits
 * for Redis runs where waiting is allowed. Not loaded where there is no Reactor.
 */
final class ReactiveLockedInvocation {

	private final LockedMethod method;

	private final ReactiveAdapter adapter;

	private final MethodInvocation invocation;

	private final MethodLockAcquirer taker;

	private final CurrentLocker lockers;

	private ReactiveLockedInvocation(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation,
			MethodLockAcquirer taker, CurrentLocker lockers) {
		this.method = method;
		this.adapter = adapter;
		this.invocation = copy(invocation);
		this.taker = taker;
		this.lockers = lockers;
	}

	static Object publisher(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation,
			MethodLockAcquirer taker, CurrentLocker lockers) {
		ReactiveLockedInvocation call = new ReactiveLockedInvocation(method, adapter, invocation, taker, lockers);
		return adapter
			.fromPublisher(adapter.isMultiValue() ? Flux.deferContextual(call::many) : Mono.deferContextual(call::one));
	}

	/** An invocation can be gone on with once only, but subscriptions may be many. */
	private static MethodInvocation copy(MethodInvocation invocation) {
		return ((ProxyMethodInvocation) invocation).invocableClone();
	}

	private Flux<Object> many(ContextView context) {
		AtomicReference<@Nullable LockLostException> loss = new AtomicReference<>();
		return Flux
			.usingWhen(take(context), (taken) -> Flux.from(body(taken)).contextWrite(taken::addTo),
					(taken) -> taken.complete(loss), ReactiveTaken::fail, ReactiveTaken::end)
			.onErrorMap((ex) -> isAbout(loss, ex), Throwable::getCause);
	}

	private Mono<Object> one(ContextView context) {
		AtomicReference<@Nullable LockLostException> loss = new AtomicReference<>();
		return Mono
			.usingWhen(take(context), (taken) -> Mono.from(body(taken)).contextWrite(taken::addTo),
					(taken) -> taken.complete(loss), ReactiveTaken::fail, ReactiveTaken::end)
			.onErrorMap((ex) -> isAbout(loss, ex), Throwable::getCause);
	}

	/** What fails at the end comes wrapped. */
	private static boolean isAbout(AtomicReference<@Nullable LockLostException> loss, Throwable failure) {
		return loss.get() != null && failure.getCause() == loss.get();
	}

	private Publisher<Object> body(ReactiveTaken taken) {
		try {
			Object result = (taken.denied() != null) ? this.method.denial().answer(this.invocation, taken.denied())
					: LockedInvocation.proceed(copy(this.invocation), taken.chain().holds());
			return this.adapter.toPublisher(result);
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

	private Mono<ReactiveTaken> take(ContextView context) {
		HeldLocks chain = ReactiveHeldLocks.of(context);
		Mono<String> caller = (this.method.texts().locker() != null) ? Mono.empty()
				: ReactiveCurrentLocker.of(this.lockers);
		return caller.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((locker) -> take(this.method.wanted(this.invocation.getArguments(), locker.orElse(null)), chain));
	}

	private Mono<ReactiveTaken> take(WantedLocks locks, HeldLocks chain) {
		return Mono.<ReactiveTaken>create((sink) -> {
			AtomicBoolean cancelled = new AtomicBoolean();
			Disposable taking = Schedulers.boundedElastic().schedule(() -> take(locks, chain, sink, cancelled));
			sink.onCancel(() -> {
				cancelled.set(true);
				taking.dispose();
			});
		}).doOnDiscard(ReactiveTaken.class, (taken) -> taken.end().subscribe());
	}

	private void take(WantedLocks locks, HeldLocks chain, MonoSink<ReactiveTaken> sink, AtomicBoolean cancelled) {
		ReactiveTaken taken;
		try {
			LockedInvocation call = this.taker.take(locks, chain);
			taken = new ReactiveTaken(call, null, chain.and(call.holds()));
		}
		catch (ResourceLockedException ex) {
			taken = new ReactiveTaken(null, ex, chain);
		}
		catch (RuntimeException ex) {
			if (!cancelled.get()) {
				sink.error(ex);
			}
			return;
		}
		sink.success(taken);
	}

}
