package io.locky;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Which locks to list. Immutable. <pre>{@code
 * LockQuery.all().withPrefix("article:").heldBy(20).limit(50)
 * }</pre>
 *
 * @since 0.1.0
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
	 * All locks, about a hundred a page.
	 * @return the query
	 */
	public static LockQuery all() {
		return ALL;
	}

	/**
	 * Only locks of resources whose names start with a text.
	 * @param start the start of the name; every character stands for itself
	 * @return a new query
	 */
	public LockQuery withPrefix(String start) {
		Assert.notNull(start, "'start' must not be null");
		return new LockQuery(start, this.locker, this.limit, this.cursor);
	}

	/**
	 * Only locks of a locker.
	 * @param holder who holds them: text, a number, a UUID or an enum constant
	 * @return a new query
	 * @throws IllegalArgumentException if that cannot be a name
	 */
	public LockQuery heldBy(Object holder) {
		return new LockQuery(this.prefix, LockNames.locker(holder), this.limit, this.cursor);
	}

	/**
	 * How many locks a page has, more or less: Redis hands them out in portions.
	 * @param size from 1 to 1000
	 * @return a new query
	 * @throws IllegalArgumentException if the size is out of bounds
	 */
	public LockQuery limit(int size) {
		Assert.isTrue(size >= 1 && size <= MOST, () -> "'size' must be from 1 to %d, but is %d".formatted(MOST, size));
		return new LockQuery(this.prefix, this.locker, size, this.cursor);
	}

	/**
	 * Goes on where a page ended.
	 * @param pageCursor the {@linkplain LockPage#cursor() cursor} of that page
	 * @return a new query
	 */
	public LockQuery after(String pageCursor) {
		Assert.hasText(pageCursor, "'pageCursor' must not be empty");
		return new LockQuery(this.prefix, this.locker, this.limit, pageCursor);
	}

	/**
	 * The start of the names.
	 * @return the text, empty for all
	 */
	public String prefix() {
		return this.prefix;
	}

	/**
	 * Whose locks.
	 * @return the locker, or empty for anybody's
	 */
	public Optional<String> locker() {
		return Optional.ofNullable(this.locker);
	}

	/**
	 * About how many.
	 * @return the size of a page
	 */
	public int limit() {
		return this.limit;
	}

	/**
	 * Where to go on.
	 * @return the cursor, or empty to start
	 */
	public Optional<String> cursor() {
		return Optional.ofNullable(this.cursor);
	}

}
