package io.locky;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.TransientDataAccessResourceException;

/**
 * A lock was granted, too few replicas acknowledged it, and so it was given back: with
 * {@code locky.min-replicas-ack} a lock that a failover may lose is not granted.
 *
 * @since 0.1.0
 */
public final class LockNotReplicatedException extends TransientDataAccessResourceException {

	private final List<String> resources;

	/**
	 * Creates the exception.
	 * @param resources what was to be locked
	 * @param message what happened and what to do
	 * @param cause why Redis could not be asked, or {@code null} if it answered
	 */
	public LockNotReplicatedException(List<String> resources, String message, @Nullable Throwable cause) {
		super(message);
		if (cause != null) {
			initCause(cause);
		}
		this.resources = List.copyOf(resources);
	}

	/**
	 * What was to be locked.
	 * @return the names of the resources
	 */
	public List<String> getResources() {
		return this.resources;
	}

}
