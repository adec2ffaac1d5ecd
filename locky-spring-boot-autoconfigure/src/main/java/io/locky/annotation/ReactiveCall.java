package io.locky.annotation;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.ReactiveAdapter;

/**
 * A call of a method that returns a reactive type: each subscription takes the locks,
 * calls the method and gives the locks back when it has ended or is cancelled. What waits
 * for Redis runs where waiting is allowed. Not loaded where there is no Reactor.
 */
final class ReactiveCall {

	private final LockedMethod method;

	private final ReactiveAdapter adapter;

	private final MethodInvocation invocation;

	private final LockTaker taker;

	private final Supplier<WantedLocks> wanted;

	private ReactiveCall(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation, LockTaker taker,
			Supplier<WantedLocks> wanted) {
		this.method = method;
		this.adapter = adapter;
		this.invocation = copy(invocation);
		this.taker = taker;
		this.wanted = wanted;
	}

	static Object publisher(LockedMethod method, ReactiveAdapter adapter, MethodInvocation invocation, LockTaker taker,
			Supplier<WantedLocks> wanted) {
		ReactiveCall call = new ReactiveCall(method, adapter, invocation, taker, wanted);
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
					(taken) -> taken.complete(loss), Taken::fail, Taken::end)
			.onErrorMap((ex) -> isAbout(loss, ex), Throwable::getCause);
	}

	private Mono<Object> one(ContextView context) {
		AtomicReference<@Nullable LockLostException> loss = new AtomicReference<>();
		return Mono
			.usingWhen(take(context), (taken) -> Mono.from(body(taken)).contextWrite(taken::addTo),
					(taken) -> taken.complete(loss), Taken::fail, Taken::end)
			.onErrorMap((ex) -> isAbout(loss, ex), Throwable::getCause);
	}

	/** What fails at the end comes wrapped. */
	private static boolean isAbout(AtomicReference<@Nullable LockLostException> loss, Throwable failure) {
		return loss.get() != null && failure.getCause() == loss.get();
	}

	/** What the chain of operators holds, and the thread that subscribes. */
	private static HeldLocks chain(ContextView context) {
		HeldLocks current = HeldLocks.current();
		return context.hasKey(HeldLocks.class) ? current.and(context.get(HeldLocks.class).holds()) : current;
	}

	private Publisher<Object> body(Taken taken) {
		try {
			Object result = (taken.denied() != null) ? this.method.denial().answer(this.invocation, taken.denied())
					: LockedCall.proceed(copy(this.invocation), taken.chain().holds());
			return this.adapter.toPublisher(result);
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

	private Mono<Taken> take(ContextView context) {
		WantedLocks locks = this.wanted.get();
		HeldLocks chain = chain(context);
		return Mono.<Taken>create((sink) -> {
			AtomicBoolean cancelled = new AtomicBoolean();
			Disposable taking = Schedulers.boundedElastic().schedule(() -> take(locks, chain, sink, cancelled));
			sink.onCancel(() -> {
				cancelled.set(true);
				taking.dispose();
			});
		}).doOnDiscard(Taken.class, (taken) -> taken.end().subscribe());
	}

	private void take(WantedLocks locks, HeldLocks chain, MonoSink<Taken> sink, AtomicBoolean cancelled) {
		Taken taken;
		try {
			LockedCall call = this.taker.take(locks, chain);
			taken = new Taken(call, null, chain.and(call.holds()));
		}
		catch (ResourceLockedException ex) {
			taken = new Taken(null, ex, chain);
		}
		catch (RuntimeException ex) {
			if (!cancelled.get()) {
				sink.error(ex);
			}
			return;
		}
		sink.success(taken);
	}

	/**
	 * What a subscription has got.
	 *
	 * @param call the locks, or {@code null} if one was denied
	 * @param denied why it was denied, or {@code null}
	 * @param chain the locks of the call chain, with the new ones
	 */
	private record Taken(@Nullable LockedCall call, @Nullable ResourceLockedException denied, HeldLocks chain) {

		Context addTo(Context context) {
			return context.put(HeldLocks.class, this.chain);
		}

		Mono<Void> complete(AtomicReference<@Nullable LockLostException> lost) {
			return blocking((locked) -> {
				LockLostException loss = locked.end();
				lost.set(loss);
				if (loss != null) {
					throw loss;
				}
			});
		}

		Mono<Void> fail(Throwable failure) {
			return blocking((locked) -> locked.end(failure));
		}

		Mono<Void> end() {
			return blocking(LockedCall::end);
		}

		private Mono<Void> blocking(Consumer<LockedCall> action) {
			if (this.call == null) {
				return Mono.empty();
			}
			LockedCall locked = this.call;
			return Mono.<Void>fromRunnable(() -> action.accept(locked)).subscribeOn(Schedulers.boundedElastic());
		}

	}

}
