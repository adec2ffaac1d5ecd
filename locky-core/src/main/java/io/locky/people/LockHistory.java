package io.locky.people;

import org.jspecify.annotations.Nullable;

/**
 * Who held a lock before, from when to when, and how it ended. Kept only where it is
 * switched on, with a bound for each resource.
 *
 * @since 0.9.0
 */
public interface LockHistory {

	/**
	 * The holds of a resource that have ended, the latest first, page by page.
	 * @param resource the resource
	 * @param before the {@linkplain HoldPage#next() next} of the page before, or
	 * {@code null} for the first page
	 * @param size how many holds, from 1 to 500
	 * @return the page
	 * @throws io.locky.InvalidLockValueException if the resource cannot be a name
	 * @throws IllegalArgumentException if the size is out of its range
	 * @throws org.springframework.dao.DataAccessException if the store does not answer
	 */
	HoldPage history(Object resource, @Nullable Long before, int size);

}
