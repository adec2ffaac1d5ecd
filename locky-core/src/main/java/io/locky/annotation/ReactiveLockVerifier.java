package io.locky.annotation;

import java.util.Optional;

import org.aopalliance.intercept.MethodInvocation;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.ReactiveAdapter;

/**
 * Has a reactive method called at each subscription, once its locks are checked. Redis is
 * asked by a thread that may block.
 */
final class ReactiveLockVerifier {

	private final LockVerifier gate;

	private final CurrentLocker lockers;

	ReactiveLockVerifier(LockVerifier gate, CurrentLocker lockers) {
		this.gate = gate;
		this.lockers = lockers;
	}

	Object guard(MethodInvocation invocation, RequiresLockMethod method, ReactiveAdapter adapter) {
		Mono<Void> checked = Mono.deferContextual(
				(context) -> check(method.requirement(invocation.getArguments()), ReactiveHeldLocks.of(context)));
		if (adapter.isMultiValue()) {
			return adapter.fromPublisher(checked.thenMany(Flux.defer(() -> call(invocation, adapter))));
		}
		return adapter.fromPublisher(checked.then(Mono.defer(() -> Mono.from(call(invocation, adapter)))));
	}

	private Mono<Void> check(LockRequirement requirement, HeldLocks chain) {
		Mono<String> current = (requirement.locker() != null) ? Mono.empty() : ReactiveCurrentLocker.of(this.lockers);
		return current.map(Optional::of)
			.defaultIfEmpty(Optional.empty())
			.publishOn(Schedulers.boundedElastic())
			.doOnNext((locker) -> this.gate.check(requirement, locker.orElse(null), chain))
			.then();
	}

	/**
	 * Of a copy: an invocation goes on only once, a publisher may have many subscribers.
	 */
	private static Publisher<?> call(MethodInvocation invocation, ReactiveAdapter adapter) {
		try {
			return adapter.toPublisher(((ProxyMethodInvocation) invocation).invocableClone().proceed());
		}
		catch (Throwable ex) {
			return Mono.error(ex);
		}
	}

}
