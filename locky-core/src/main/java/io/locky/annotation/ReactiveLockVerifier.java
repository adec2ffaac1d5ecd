package io.locky.annotation;

import java.util.Map;
import java.util.Optional;

import io.locky.ReactiveLockyOperations;
import org.aopalliance.intercept.MethodInvocation;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.ReactiveAdapter;

/**
 * Verifies the locks of a reactive method at each subscription, before it is called: by
 * the reactive operations, or in a thread of Locky if there are none.
 */
final class ReactiveLockVerifier {

	private final LockVerifier verifier;

	private final CurrentLocker currentLocker;

	private final LockExecutor threads;

	ReactiveLockVerifier(LockVerifier verifier, CurrentLocker currentLocker, LockExecutor threads) {
		this.verifier = verifier;
		this.currentLocker = currentLocker;
		this.threads = threads;
	}

	Object publisher(MethodInvocation invocation, RequiresLockMethod method, ReactiveAdapter adapter) {
		Mono<Void> verified = Mono.deferContextual((context) -> verify(method.requirement(invocation.getArguments()),
				ReactiveLockedInvocation.heldLocks(context)));
		if (adapter.isMultiValue()) {
			return adapter
				.fromPublisher(verified.thenMany(ReactiveLockedInvocation.callMany(() -> call(invocation, adapter))));
		}
		return adapter.fromPublisher(verified.then(ReactiveLockedInvocation.callOne(() -> call(invocation, adapter))));
	}

	private Mono<Void> verify(LockVerifier.Requirement requirement, HeldLocks chain) {
		Mono<String> locker = (requirement.locker() != null) ? Mono.empty()
				: ReactiveLockedInvocation.resolve(this.currentLocker);
		Mono<Optional<String>> current = locker.map(Optional::of).defaultIfEmpty(Optional.empty());
		ReactiveLockyOperations reactive = this.verifier.reactive();
		if (reactive == null) {
			return current.publishOn(Schedulers.fromExecutor(this.threads))
				.doOnNext((name) -> this.verifier.verify(requirement, name.orElse(null), chain))
				.then();
		}
		return current
			.flatMap((name) -> reactive.findAll(requirement.resources())
				.defaultIfEmpty(Map.of())
				.doOnNext((held) -> this.verifier.verify(requirement, name.orElse(null), chain, held)))
			.then();
	}

	/**
	 * Calls a copy, because an invocation can proceed only once, but a publisher may have
	 * many subscribers.
	 */
	private static Publisher<?> call(MethodInvocation invocation, ReactiveAdapter adapter) {
		try {
			return ReactiveResult.publisher(adapter, ((ProxyMethodInvocation) invocation).invocableClone().proceed());
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

}
