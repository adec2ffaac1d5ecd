package io.locky;

import org.springframework.util.Assert;

/**
 * Checks the result of a database {@code UPDATE} that compares fencing tokens, so that a
 * holder that lost its lock cannot overwrite what a later holder has saved. <pre>{@code
 * int rows = jdbc.sql("UPDATE article SET text = ?, lock_fence = ? WHERE id = ? AND lock_fence <= ?")…
 * FencedUpdate.requireSaved(rows, "article:12", fence);
 * }</pre>
 *
 * @since 0.9.0
 */
public final class FencedUpdate {

	private FencedUpdate() {
	}

	/**
	 * Requires that the update changed exactly one row.
	 * @param rows the number of updated rows
	 * @param resource the resource that was saved: text, a number, a UUID or an enum
	 * constant
	 * @param fence the fence of the grant under which it was saved
	 * @throws StaleFenceException if no row was updated
	 * @throws IllegalStateException if several rows were updated: the {@code WHERE} does
	 * not name one row
	 */
	public static void requireSaved(int rows, Object resource, long fence) {
		String name = LockNames.resource(resource);
		if (rows == 0) {
			throw new StaleFenceException(name, fence);
		}
		Assert.state(rows == 1,
				() -> "The save of '%s' changed %d rows; its WHERE must name one".formatted(name, rows));
	}

}
