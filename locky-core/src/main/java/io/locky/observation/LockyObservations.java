package io.locky.observation;

import java.lang.reflect.Proxy;

import io.locky.LockyOperations;
import io.locky.ReactiveLockyOperations;
import io.locky.observation.LockyObservation.Code;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Starts the observations of one instance.
 *
 * @since 0.9.0
 */
public final class LockyObservations {

	/** Observes nothing. */
	public static final LockyObservations NONE = new LockyObservations(ObservationRegistry.NOOP,
			new DefaultLockyObservationConvention(), false);

	private final ObservationRegistry registry;

	private final LockyObservationConvention convention;

	private final boolean includeResource;

	/**
	 * Creates the observations.
	 * @param registry the registry
	 * @param convention names them and chooses their keys
	 * @param includeResource whether they have the names of resources, as a key with any
	 * number of values
	 */
	public LockyObservations(ObservationRegistry registry, LockyObservationConvention convention,
			boolean includeResource) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(convention, "'convention' must not be null");
		this.registry = registry;
		this.convention = convention;
		this.includeResource = includeResource;
	}

	/**
	 * Whether nobody observes now.
	 * @return whether an observation would do nothing
	 */
	public boolean isNoop() {
		return this.registry.isNoop();
	}

	/**
	 * The observation that the calling thread is a part of.
	 * @return the observation, or {@code null} if there is none
	 */
	public @Nullable Observation current() {
		return isNoop() ? null : this.registry.getCurrentObservation();
	}

	/**
	 * Runs code as a part of an observation that began on another thread.
	 * @param <T> the type of the result
	 * @param <E> the type of the exception
	 * @param observation the observation, or {@code null} for none
	 * @param code the code
	 * @return its result
	 * @throws E its exception
	 */
	public static <T extends @Nullable Object, E extends Throwable> T callIn(@Nullable Observation observation,
			Code<T, E> code) throws E {
		return (observation != null) ? LockyObservation.scoped(observation, code) : code.run();
	}

	/**
	 * Starts an observation as a part of that of the calling thread.
	 * @param kind which one
	 * @param operation what is observed
	 * @return the observation, to be ended by the caller
	 */
	public LockyObservation start(LockyObservationDocumentation kind, String operation) {
		return start(kind, operation, current());
	}

	/**
	 * Starts an observation as a part of another one.
	 * @param kind which one
	 * @param operation what is observed
	 * @param parent the other one, or {@code null} for none
	 * @return the observation, to be ended by the caller
	 */
	public LockyObservation start(LockyObservationDocumentation kind, String operation, @Nullable Observation parent) {
		if (isNoop()) {
			return LockyObservation.NOOP;
		}
		LockyObservationContext context = new LockyObservationContext(kind, operation, this.includeResource);
		Observation observation = Observation.createNotStarted(kind.getName(), () -> context, this.registry);
		if (observation.isNoop()) {
			return LockyObservation.NOOP;
		}
		observation.observationConvention(this.convention).parentObservation(parent);
		return new LockyObservation(observation.start(), context);
	}

	/**
	 * Observes operations, each with {@link LockyObservationDocumentation#HTTP}.
	 * @param operations the operations
	 * @return operations that do the same
	 */
	public LockyOperations observe(LockyOperations operations) {
		return (LockyOperations) Proxy.newProxyInstance(LockyOperations.class.getClassLoader(),
				new Class<?>[] { LockyOperations.class }, new ObservedOperations(operations, this));
	}

	/**
	 * Observes reactive operations, each subscription with
	 * {@link LockyObservationDocumentation#HTTP}. Its parent is the observation in the
	 * Reactor context, or else that of the subscribing thread.
	 * @param operations the operations
	 * @return operations that do the same
	 */
	public ReactiveLockyOperations observe(ReactiveLockyOperations operations) {
		return new ReactiveObservedOperations(operations, this);
	}

}
