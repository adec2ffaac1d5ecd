package io.locky.sample;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * An article as it is printed.
 *
 * @param id its number
 * @param section where it is printed
 * @param title its headline
 * @param text what it says
 * @param savedBy who saved it last
 * @param savedAt when
 */
record Article(long id, String section, String title, String text, @Nullable String savedBy,
		@Nullable Instant savedAt) {

}
