package io.locky.sample;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An article as it is printed.
 *
 * @param id the number of the article
 * @param section the section of the paper
 * @param title the headline
 * @param text the text
 * @param savedBy the user who saved it last, or {@code null}
 * @param savedAt when it was saved last, or {@code null}
 * @param lockFence the fence of the lock with which it was saved last, or 0
 */
record Article(long id, String section, String title, String text, @Nullable String savedBy, @Nullable Instant savedAt,
		long lockFence) {

}
