package io.locky;

import org.springframework.util.Assert;

/**
 * Reads the answer of a database to an {@code UPDATE} that checks a fence. <pre>{@code
 * int rows = jdbc.sql("UPDATE article SET text = ?, lock_fence = ? WHERE id = ? AND lock_fence <= ?")…
 * FencedUpdate.requireSaved(rows, "article:12", fence);
 * }</pre>
 *
 * @since 0.1.0
 */
public final class FencedUpdate {

	private FencedUpdate() {
	}

	/**
	 * Refuses the save if it did not find its row.
	 * @param rows how many rows were updated
	 * @param resource what was saved: text, a number, a UUID or an enum constant
	 * @param fence the fence of the grant that saved it
	 * @throws StaleFenceException if no row was updated
	 * @throws IllegalStateException if there were several: the {@code WHERE} does not
	 * name one row
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
