package io.locky;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Selects the locks to list. Immutable: each method returns a new query. <pre>{@code
 * LockQuery.all().withPrefix("article:").heldBy(20).limit(50)
 * }</pre>
 *
 * @since 0.9.0
 */
public final class LockQuery {

	private static final int MOST = 1000;

	private static final LockQuery ALL = new LockQuery("", null, 100, null);

	private final String prefix;

	private final @Nullable String locker;

	private final int limit;

	private final @Nullable String cursor;

	private LockQuery(String prefix, @Nullable String locker, int limit, @Nullable String cursor) {
		this.prefix = prefix;
		this.locker = locker;
		this.limit = limit;
		this.cursor = cursor;
	}

	/**
	 * Selects all locks, about 100 on a page.
	 * @return the query
	 */
	public static LockQuery all() {
		return ALL;
	}

	/**
	 * Selects only locks of resources whose names start with a text.
	 * @param start the start of the names; there are no wildcards
	 * @return a new query
	 */
	public LockQuery withPrefix(String start) {
		Assert.notNull(start, "'start' must not be null");
		return new LockQuery(start, this.locker, this.limit, this.cursor);
	}

	/**
	 * Selects only locks of one locker.
	 * @param holder the locker: text, a number, a UUID or an enum constant
	 * @return a new query
	 * @throws IllegalArgumentException if the value cannot be a name
	 */
	public LockQuery heldBy(Object holder) {
		return new LockQuery(this.prefix, LockNames.locker(holder), this.limit, this.cursor);
	}

	/**
	 * Sets about how many locks are on a page. A page may have more or fewer, because
	 * Redis returns them in portions.
	 * @param size from 1 to 1000
	 * @return a new query
	 * @throws IllegalArgumentException if the size is out of bounds
	 */
	public LockQuery limit(int size) {
		Assert.isTrue(size >= 1 && size <= MOST, () -> "'size' must be from 1 to %d, but is %d".formatted(MOST, size));
		return new LockQuery(this.prefix, this.locker, size, this.cursor);
	}

	/**
	 * Continues after a page.
	 * @param pageCursor the {@linkplain LockPage#cursor() cursor} of that page, not
	 * {@code null}
	 * @return a new query
	 * @throws IllegalArgumentException if the cursor is empty
	 */
	public LockQuery after(String pageCursor) {
		Assert.hasText(pageCursor, "'pageCursor' must not be empty");
		return new LockQuery(this.prefix, this.locker, this.limit, pageCursor);
	}

	/**
	 * The start of the names.
	 * @return the text, empty for all names
	 */
	public String prefix() {
		return this.prefix;
	}

	/**
	 * The locker that holds the locks.
	 * @return the locker, or empty for all lockers
	 */
	public Optional<String> locker() {
		return Optional.ofNullable(this.locker);
	}

	/**
	 * About how many locks are on a page.
	 * @return the size, from 1 to 1000
	 */
	public int limit() {
		return this.limit;
	}

	/**
	 * Where the page begins.
	 * @return the cursor, or empty for the first page
	 */
	public Optional<String> cursor() {
		return Optional.ofNullable(this.cursor);
	}

}
