package io.locky.people;

/**
 * Thrown if too many lockers ask for a lock already.
 *
 * @since 0.9.0
 */
public final class HandoversFullException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param resource the name of the resource
	 * @param most how many lockers may ask for a lock at once
	 */
	public HandoversFullException(String resource, int most) {
		super("%d others have asked for '%s' already: try again when its holder has changed".formatted(most, resource));
	}

}
