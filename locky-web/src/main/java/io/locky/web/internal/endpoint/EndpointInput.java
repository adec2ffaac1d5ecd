package io.locky.web.internal.endpoint;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import io.locky.LockNames;
import io.locky.LockRequest;
import org.jspecify.annotations.Nullable;

/**
 * Checks the values of a request.
 */
final class EndpointInput {

	private static final int MOST_RESOURCES = 500;

	private EndpointInput() {
	}

	static String resource(@Nullable String text) {
		return valid(() -> LockNames.resource(text));
	}

	static Set<String> resources(@Nullable List<@Nullable String> texts) {
		if (texts == null || texts.isEmpty() || texts.size() > MOST_RESOURCES) {
			throw EndpointProblem.invalid("From 1 to %d resources can be requested at once, not %d."
				.formatted(MOST_RESOURCES, (texts != null) ? texts.size() : 0));
		}
		Set<String> resources = new LinkedHashSet<>();
		texts.forEach((text) -> resources.add(resource(text)));
		return resources;
	}

	static long fence(@Nullable Long fence) {
		if (fence == null || fence <= 0) {
			throw EndpointProblem.invalid("'fence' must be the number of a grant, which is positive.");
		}
		return fence;
	}

	static LockRequest noted(LockRequest request, @Nullable String note) {
		return (note == null || note.isBlank()) ? request : valid(() -> request.note(note));
	}

	private static <T> T valid(Supplier<T> value) {
		try {
			return value.get();
		}
		catch (IllegalArgumentException ex) {
			throw EndpointProblem.invalid(ex.getMessage() + ".");
		}
	}

}
