package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.locky.InvalidLockValueException;
import io.locky.LockNames;
import io.locky.LockRequest;
import io.locky.people.PresenceState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the values of a request.
 */
final class EndpointInput {

	private static final Logger logger = LoggerFactory.getLogger(EndpointInput.class);

	private static final long LONGEST_TTL = Duration.ofDays(365).toSeconds();

	private static final Pattern PAGE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

	private EndpointInput() {
	}

	static String resource(@Nullable String text) {
		return valid(() -> LockNames.resource(text));
	}

	static String locker(Object value) {
		try {
			return LockNames.locker(value);
		}
		catch (InvalidLockValueException ex) {
			throw EndpointProblem.invalid(ex.getProblem() + ".");
		}
		catch (IllegalArgumentException ex) {
			logger.warn("The LockerResolver returned something else than the name of a locker: {}", ex.getMessage());
			throw EndpointProblem.invalid("The caller has no name that can be that of a locker.");
		}
	}

	static Set<String> resources(@Nullable List<@Nullable String> texts, int most) {
		if (texts == null || texts.isEmpty() || texts.size() > most) {
			throw EndpointProblem.invalid("From 1 to %d resources can be requested at once, not %d.".formatted(most,
					(texts != null) ? texts.size() : 0));
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

	static @Nullable Long before(@Nullable String number) {
		if (number == null) {
			return null;
		}
		long before = number(number, "before");
		if (before <= 0) {
			throw EndpointProblem.invalid("'before' must be the 'next' of another page.");
		}
		return before;
	}

	static int size(@Nullable String number, int usual, int most) {
		if (number == null) {
			return usual;
		}
		long size = number(number, "size");
		if (size < 1 || size > most) {
			throw EndpointProblem.invalid("'size' must be from 1 to %d.".formatted(most));
		}
		return (int) size;
	}

	private static long number(String text, String name) {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			throw EndpointProblem.invalid("'%s' must be a number.".formatted(name));
		}
	}

	static LockRequest noted(LockRequest request, @Nullable String note) {
		return (note == null || note.isBlank()) ? request : valid(() -> request.note(note));
	}

	static LockRequest ofPage(LockRequest request, @Nullable String page) {
		if (page == null) {
			return request;
		}
		try {
			return request.client(page);
		}
		catch (IllegalArgumentException ex) {
			throw invalidPage();
		}
	}

	static String page(@Nullable String page) {
		if (page != null && !PAGE.matcher(page).matches()) {
			throw invalidPage();
		}
		return (page != null) ? page : "";
	}

	private static EndpointProblem invalidPage() {
		return EndpointProblem.invalid("'page' must have from 1 to 64 letters, digits, '-' and '_'.");
	}

	static PresenceState presenceState(@Nullable String text) {
		for (PresenceState state : PresenceState.values()) {
			if (StreamEvent.text(state).equals(text)) {
				return state;
			}
		}
		throw EndpointProblem.invalid("'state' must be 'viewing', 'waiting' or 'editing'.");
	}

	static @Nullable Duration ttl(@Nullable Double seconds) {
		if (seconds == null) {
			return null;
		}
		if (!(seconds >= 1 && seconds <= LONGEST_TTL)) {
			throw EndpointProblem.invalid("'ttl' must be from 1 second to 365 days.");
		}
		return Duration.ofMillis((long) (seconds * 1000));
	}

	static @Nullable Duration idle(@Nullable Double seconds) {
		if (seconds == null) {
			return null;
		}
		if (!(seconds >= 0 && seconds <= LONGEST_TTL)) {
			throw EndpointProblem.invalid("'idle' must be from 0 seconds to 365 days.");
		}
		return Duration.ofMillis((long) (seconds * 1000));
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
