package io.locky.observation;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import io.locky.observation.LockyObservationContext.Outcome;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * One observation, from its start to its end.
 *
 * @since 0.9.0
 */
public final class LockyObservation {

	static final LockyObservation NOOP = new LockyObservation(Observation.NOOP,
			new LockyObservationContext(LockyObservationDocumentation.LOCKED, "", false));

	private final Observation observation;

	private final LockyObservationContext context;

	private final AtomicBoolean ended = new AtomicBoolean();

	LockyObservation(Observation observation, LockyObservationContext context) {
		this.observation = observation;
		this.context = context;
	}

	/**
	 * Whether nobody observes.
	 * @return whether all methods do nothing
	 */
	public boolean isNoop() {
		return this == NOOP;
	}

	/**
	 * The observation of Micrometer.
	 * @return the observation, which has started
	 */
	public Observation observation() {
		return this.observation;
	}

	/**
	 * Whether the names of resources are wanted.
	 * @return whether to call {@link #resources(List)}
	 */
	public boolean includesResource() {
		return this.context.includesResource();
	}

	/**
	 * Sets the resources.
	 * @param names their names
	 */
	public void resources(List<String> names) {
		if (!isNoop()) {
			this.context.setResources(names);
		}
	}

	/**
	 * Sets how it ends, unless it fails later. It goes on.
	 * @param outcome the outcome
	 */
	public void outcome(Outcome outcome) {
		if (!isNoop()) {
			this.context.setOutcome(outcome);
		}
	}

	/**
	 * Runs code as a part of what is observed.
	 * @param <T> the type of the result
	 * @param <E> the type of the exception
	 * @param code the code
	 * @return its result
	 * @throws E its exception
	 */
	public <T extends @Nullable Object, E extends Throwable> T call(Code<T, E> code) throws E {
		return isNoop() ? code.run() : scoped(this.observation, code);
	}

	@SuppressWarnings("try") // The scope is needed although nothing uses it.
	static <T extends @Nullable Object, E extends Throwable> T scoped(Observation observation, Code<T, E> code)
			throws E {
		try (Observation.Scope scope = observation.openScope()) {
			return code.run();
		}
	}

	/**
	 * Ends the observation with an outcome.
	 * @param outcome the outcome
	 */
	public void end(Outcome outcome) {
		outcome(outcome);
		end();
	}

	/**
	 * Ends the observation. Only the first end counts.
	 */
	public void end() {
		if (!isNoop() && this.ended.compareAndSet(false, true)) {
			this.observation.stop();
		}
	}

	/**
	 * Ends the observation when a stage ends.
	 * @param stage the stage
	 */
	public void endWith(CompletionStage<?> stage) {
		stage.whenComplete((value, failure) -> {
			if (failure != null) {
				fail(failure);
			}
			else {
				end();
			}
		});
	}

	/**
	 * Ends the observation with an exception. An outcome {@link Outcome#DENIED} stays.
	 * @param failure the exception
	 */
	public void fail(Throwable failure) {
		if (!isNoop() && !this.ended.get()) {
			if (this.context.getOutcome() != Outcome.DENIED) {
				this.context.setOutcome(Outcome.FAILED);
			}
			this.observation.error(failure);
			end();
		}
	}

	/**
	 * Code that may throw an exception.
	 *
	 * @param <T> the type of the result
	 * @param <E> the type of the exception
	 */
	@FunctionalInterface
	@NullUnmarked // The result may be null where that of the code may.
	public interface Code<T extends @Nullable Object, E extends Throwable> {

		/**
		 * Runs the code.
		 * @return the result
		 * @throws E its exception
		 */
		T run() throws E;

	}

}
