package io.locky.observation;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockyOperations;
import io.locky.observation.LockyObservationContext.Outcome;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Observes each subscription of a reactive operation, as a part of the observation in the
 * Reactor context, or else of that of the subscribing thread. This class is not loaded
 * where there is no Reactor.
 */
final class ReactiveObservedOperations implements ReactiveLockyOperations {

	/** Under this key, the Reactor context has the current observation. */
	private static final Object OBSERVATION = "micrometer.observation";

	private final ReactiveLockyOperations operations;

	private final LockyObservations observations;

	ReactiveObservedOperations(ReactiveLockyOperations operations, LockyObservations observations) {
		this.operations = operations;
		this.observations = observations;
	}

	@Override
	public Mono<Boolean> lock(Object resource, Object locker) {
		return observe("lock", resource, this.operations.lock(resource, locker));
	}

	@Override
	public Mono<Boolean> lock(LockRequest request) {
		return observe("lock", request.resource(), this.operations.lock(request));
	}

	@Override
	public Mono<ReactiveLockAttempt> tryLock(LockRequest request) {
		return observe("tryLock", request.resource(), this.operations.tryLock(request));
	}

	@Override
	public Mono<Boolean> lockAll(Collection<?> resources, Object locker) {
		return observe("lockAll", null, this.operations.lockAll(resources, locker));
	}

	@Override
	public Mono<Boolean> refresh(Object resource) {
		return observe("refresh", resource, this.operations.refresh(resource));
	}

	@Override
	public Mono<Boolean> refresh(Object resource, Object locker) {
		return observe("refresh", resource, this.operations.refresh(resource, locker));
	}

	@Override
	public Mono<Boolean> refresh(Object resource, Object locker, long fence) {
		return observe("refresh", resource, this.operations.refresh(resource, locker, fence));
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence) {
		return observe("tryRefresh", resource, this.operations.tryRefresh(resource, locker, fence));
	}

	@Override
	public Mono<LockRefresh> tryRefresh(Object resource, Object locker, long fence, Duration idle) {
		return observe("tryRefresh", resource, this.operations.tryRefresh(resource, locker, fence, idle));
	}

	@Override
	public Mono<Boolean> unlock(Object resource) {
		return observe("unlock", resource, this.operations.unlock(resource));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker) {
		return observe("unlock", resource, this.operations.unlock(resource, locker));
	}

	@Override
	public Mono<Boolean> unlock(Object resource, Object locker, long fence) {
		return observe("unlock", resource, this.operations.unlock(resource, locker, fence));
	}

	@Override
	public Mono<Integer> unlockAll(Object locker) {
		return observe("unlockAll", null, this.operations.unlockAll(locker));
	}

	@Override
	public Mono<String> getLocker(Object resource) {
		return observe("getLocker", resource, this.operations.getLocker(resource));
	}

	@Override
	public Mono<LockInfo> find(Object resource) {
		return observe("find", resource, this.operations.find(resource));
	}

	@Override
	public Mono<Map<String, LockInfo>> findAll(Collection<?> resources) {
		return observe("findAll", null, this.operations.findAll(resources));
	}

	@Override
	public Mono<LockPage> list(LockQuery query) {
		return observe("list", null, this.operations.list(query));
	}

	private <T> Mono<T> observe(String operation, @Nullable Object resource, Mono<T> call) {
		return Mono.deferContextual((context) -> {
			Observation parent = context.<Observation>getOrEmpty(OBSERVATION).orElseGet(this.observations::current);
			LockyObservation observation = this.observations.start(LockyObservationDocumentation.HTTP, operation,
					parent);
			if (observation.isNoop()) {
				return call;
			}
			observation.resources((resource != null) ? List.of(resource.toString()) : List.of());
			return call.doOnSuccess((result) -> observation.end(outcome(operation, result)))
				.doOnError(observation::fail)
				.doOnCancel(() -> observation.end(Outcome.CANCELLED))
				.contextWrite((observed) -> observed.put(OBSERVATION, observation.observation()));
		});
	}

	private static Outcome outcome(String operation, @Nullable Object result) {
		if (result instanceof ReactiveLockAttempt attempt) {
			return (attempt instanceof ReactiveLockAttempt.Acquired) ? Outcome.GRANTED : Outcome.DENIED;
		}
		if (result instanceof Boolean granted && operation.startsWith("lock")) {
			return granted ? Outcome.GRANTED : Outcome.DENIED;
		}
		return Outcome.DONE;
	}

}
