package io.locky;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.TransientDataAccessResourceException;

/**
 * Thrown when too few replicas acknowledged a lock in time. The lock is released again:
 * with {@code locky.min-replicas-ack}, a lock that a failover may lose is not granted.
 *
 * @since 0.9.0
 */
public final class LockNotReplicatedException extends TransientDataAccessResourceException {

	private final List<String> resources;

	/**
	 * Creates the exception.
	 * @param resources the names of the resources that were to be locked
	 * @param message what happened and what to do
	 * @param cause why Redis did not answer, or {@code null} if it did
	 */
	public LockNotReplicatedException(List<String> resources, String message, @Nullable Throwable cause) {
		super(message);
		if (cause != null) {
			initCause(cause);
		}
		this.resources = List.copyOf(resources);
	}

	/**
	 * The resources that were to be locked.
	 * @return their names
	 */
	public List<String> getResources() {
		return this.resources;
	}

}
