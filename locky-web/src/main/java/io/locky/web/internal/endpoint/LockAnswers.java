package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.web.LockCaller;
import io.locky.web.LockHolderView;
import io.locky.web.internal.endpoint.EndpointMessages.LockState;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Builds the answers that show who holds a lock.
 */
public final class LockAnswers {

	private final LockHolderView view;

	/**
	 * Creates the answers.
	 * @param view what to show of a holder
	 */
	public LockAnswers(LockHolderView view) {
		this.view = view;
	}

	LockState state(LockCaller caller, String resource, @Nullable LockInfo lock) {
		return (lock != null) ? new LockState(resource, true, isOwn(caller, lock), show(lock, caller))
				: new LockState(resource, false, false, null);
	}

	/**
	 * The lock is held.
	 * @param caller the caller
	 * @param resource the resource
	 * @param lock the lock, or {@code null} if the caller may not see it
	 * @return the problem
	 */
	EndpointProblem locked(LockCaller caller, String resource, @Nullable LockInfo lock) {
		String text = (lock != null && isOwn(caller, lock)) ? "You hold '%s' already, perhaps in another tab."
				: "'%s' is locked by somebody else.";
		EndpointProblem problem = EndpointProblem.of(HttpStatus.LOCKED, "locked", text.formatted(resource))
			.with("resource", resource);
		if (lock != null && show(problem, caller, lock).containsKey("expiresIn") && lock.expiresIn() != null) {
			problem.retryAfter(lock.expiresIn());
		}
		return problem;
	}

	EndpointProblem ended(String resource) {
		return EndpointProblem
			.of(HttpStatus.CONFLICT, "grant-ended", "That grant of '%s' has ended.".formatted(resource))
			.with("resource", resource);
	}

	EndpointProblem ended(LockCaller caller, String resource, @Nullable LockInfo current) {
		EndpointProblem problem = ended(resource).with("held", current != null);
		if (current != null) {
			show(problem, caller, current);
		}
		return problem;
	}

	private Map<String, ?> show(EndpointProblem problem, LockCaller caller, LockInfo lock) {
		Map<String, ?> shown = show(lock, caller);
		shown.forEach(problem::with);
		problem.with("resource", lock.resource()).with("own", isOwn(caller, lock));
		return shown;
	}

	Map<String, ?> show(LockInfo lock, LockCaller viewer) {
		return this.view.show(lock, viewer);
	}

	/**
	 * The name of a person who does not hold the lock, as the view shows a holder.
	 */
	@Nullable String person(String resource, String locker, @Nullable Instant since, @Nullable Duration expiresIn,
			LockCaller viewer) {
		Object name = show(new LockInfo(resource, locker, 0, since, expiresIn, null), viewer).get("locker");
		return (name != null) ? name.toString() : null;
	}

	static boolean isOwn(LockCaller caller, LockInfo lock) {
		return lock.locker().equals(caller.locker());
	}

	static @Nullable Double seconds(@Nullable Duration time) {
		return (time != null) ? time.toMillis() / 1000.0 : null;
	}

}
