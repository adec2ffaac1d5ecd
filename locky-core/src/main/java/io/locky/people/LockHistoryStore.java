package io.locky.people;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the history of locks elsewhere than in Redis, for example in a table of the
 * application. Register a bean of this type. The instance on which a hold ends adds it
 * after that: an expired hold at least once, the others at most once. What {@code add}
 * throws is logged, and that hold is missing; only an expired one is added again, if
 * {@code locky.expiration.transactional} is set.
 *
 * @since 0.9.0
 */
public interface LockHistoryStore {

	/**
	 * Adds a hold. It may be added already: its resource and fence identify it.
	 * @param hold the hold
	 */
	void add(Hold hold);

	/**
	 * Reads a page.
	 * @param resource the name of the resource
	 * @param before only holds with a lower fence, or {@code null}
	 * @param size how many holds at most
	 * @return the page, the highest fence first
	 */
	HoldPage page(String resource, @Nullable Long before, int size);

}
