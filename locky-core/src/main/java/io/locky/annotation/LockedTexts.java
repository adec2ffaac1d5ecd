package io.locky.annotation;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The texts of an annotation, parsed.
 *
 * @param parameters the names of the parameters that they may read
 * @param resources the resources
 * @param locker the locker, or {@code null} if it is not named
 * @param note the note, or {@code null} if there is none
 */
record LockedTexts(List<String> parameters, List<TextTemplate> resources, @Nullable TextTemplate locker,
		@Nullable TextTemplate note) {

}
