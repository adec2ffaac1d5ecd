package io.locky.people;

/**
 * Thrown if a line has no room for one more.
 *
 * @since 0.9.0
 */
public final class LineFullException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param resource the name of the resource
	 * @param most how many places a line has
	 */
	public LineFullException(String resource, int most) {
		super("'%s' has a line of %d already: try again when it is shorter".formatted(resource, most));
	}

}
