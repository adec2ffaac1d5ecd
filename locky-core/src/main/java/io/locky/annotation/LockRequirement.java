package io.locky.annotation;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What one call needs.
 *
 * @param method the name of the method, for errors
 * @param resources what must be held
 * @param locker who must hold it, or {@code null} for the current locker
 * @param fences the grants that must hold it, one for each resource, or none for any
 */
record LockRequirement(String method, List<String> resources, @Nullable String locker, List<Long> fences) {

	@Nullable Long fence(int index) {
		return this.fences.isEmpty() ? null : this.fences.get(index);
	}

}
