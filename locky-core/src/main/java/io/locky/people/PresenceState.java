package io.locky.people;

/**
 * What a person does with a resource, the most active first.
 *
 * @since 0.9.0
 */
public enum PresenceState {

	/** Edits it. */
	EDITING,

	/** Waits for its lock. */
	WAITING,

	/** Looks at it. */
	VIEWING

}
