package io.locky;

import org.springframework.dao.NonTransientDataAccessResourceException;

/**
 * Thrown when Redis has something in the place of a lock that cannot be read: a key of
 * another type, or a record that is damaged or was written by a newer version of Locky.
 * Nothing was changed. Operations on several locks leave such a lock out, and log one
 * warning that names it.
 *
 * @since 0.9.0
 */
public final class UnreadableLockException extends NonTransientDataAccessResourceException {

	private final String resource;

	/**
	 * Creates the exception.
	 * @param resource the name of the resource
	 * @param message what cannot be read and what to do
	 */
	public UnreadableLockException(String resource, String message) {
		super(message);
		this.resource = resource;
	}

	/**
	 * The resource whose lock cannot be read.
	 * @return its name
	 */
	public String getResource() {
		return this.resource;
	}

}
