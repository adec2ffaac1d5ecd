package io.locky.observation;

import java.util.List;

import io.micrometer.observation.Observation;

/**
 * What is known of an observation.
 *
 * @since 0.9.0
 */
public final class LockyObservationContext extends Observation.Context {

	private final LockyObservationDocumentation kind;

	private final String operation;

	private final boolean includesResource;

	private volatile List<String> resources = List.of();

	private volatile Outcome outcome = Outcome.DONE;

	LockyObservationContext(LockyObservationDocumentation kind, String operation, boolean includesResource) {
		this.kind = kind;
		this.operation = operation;
		this.includesResource = includesResource;
	}

	/**
	 * Which of the observations of Locky it is.
	 * @return the kind
	 */
	public LockyObservationDocumentation getKind() {
		return this.kind;
	}

	/**
	 * What is observed.
	 * @return the class and the name of a method, the name of an operation, or
	 * {@code acquire} for a wait
	 */
	public String getOperation() {
		return this.operation;
	}

	/**
	 * Whether the application wants the names of resources in its observations.
	 * @return whether to include them
	 */
	public boolean includesResource() {
		return this.includesResource;
	}

	/**
	 * The resources.
	 * @return their names; empty if they are not known, or if the application does not
	 * want them
	 */
	public List<String> getResources() {
		return this.resources;
	}

	void setResources(List<String> names) {
		this.resources = List.copyOf(names);
	}

	/**
	 * How it ended. Before the end it is {@link Outcome#DONE}.
	 * @return the outcome
	 */
	public Outcome getOutcome() {
		return this.outcome;
	}

	void setOutcome(Outcome end) {
		this.outcome = end;
	}

	/**
	 * How what is observed ended.
	 */
	public enum Outcome {

		/** It ended, and is not about a request for a lock. */
		DONE,

		/** All locks were granted. */
		GRANTED,

		/** A lock is held by another locker. */
		DENIED,

		/** The caller gave up. */
		CANCELLED,

		/** It ended with an exception. */
		FAILED

	}

}
