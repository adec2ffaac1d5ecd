package io.locky.internal.people;

import org.springframework.util.Assert;

/**
 * How much of a history can be read at once.
 */
final class PageSize {

	private static final int MOST = 500;

	private PageSize() {
	}

	static void require(int size) {
		Assert.isTrue(size >= 1 && size <= MOST, () -> "'size' must be from 1 to %d, but is %d".formatted(MOST, size));
	}

}
