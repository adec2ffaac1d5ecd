package io.locky.observation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.observation.LockyObservationContext.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Observes each call of an operation.
 */
final class ObservedOperations implements InvocationHandler {

	/** Their first argument is a resource. */
	private static final Set<String> ON_A_RESOURCE = Set.of("lock", "refresh", "tryRefresh", "unlock", "getLocker",
			"find");

	private final LockyOperations operations;

	private final LockyObservations observations;

	ObservedOperations(LockyOperations operations, LockyObservations observations) {
		this.operations = operations;
		this.observations = observations;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		if (this.observations.isNoop() || method.getDeclaringClass() == Object.class) {
			return call(method, arguments);
		}
		LockyObservation observation = this.observations.start(LockyObservationDocumentation.HTTP, method.getName());
		observation.resources(resources(method, arguments));
		try {
			Object result = observation.call(() -> call(method, arguments));
			end(observation, method, result);
			return result;
		}
		catch (Throwable ex) {
			observation.fail(ex);
			throw ex;
		}
	}

	private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
		try {
			return method.invoke(this.operations, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private static List<String> resources(Method method, @Nullable Object @Nullable [] arguments) {
		Object first = (arguments != null && arguments.length > 0) ? arguments[0] : null;
		if (first instanceof LockRequest request) {
			return List.of(request.resource());
		}
		return (first != null && ON_A_RESOURCE.contains(method.getName())) ? List.of(first.toString()) : List.of();
	}

	private static void end(LockyObservation observation, Method method, @Nullable Object result) {
		if (result instanceof CompletionStage<?> stage) {
			stage.whenComplete((value, failure) -> {
				if (failure != null) {
					observation.fail(failure);
				}
				else {
					observation.end(outcome(method, value));
				}
			});
			return;
		}
		observation.end(outcome(method, result));
	}

	private static Outcome outcome(Method method, @Nullable Object result) {
		if (result instanceof LockAttempt attempt) {
			return (attempt instanceof LockAttempt.Acquired) ? Outcome.GRANTED : Outcome.DENIED;
		}
		if (result instanceof Boolean granted && method.getName().startsWith("lock")) {
			return granted ? Outcome.GRANTED : Outcome.DENIED;
		}
		return Outcome.DONE;
	}

}
