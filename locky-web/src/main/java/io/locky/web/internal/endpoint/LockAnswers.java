package io.locky.web.internal.endpoint;

import java.time.Duration;
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
		return (lock != null) ? new LockState(resource, true, isOwn(caller, lock), this.view.show(lock))
				: new LockState(resource, false, false, null);
	}

	EndpointProblem locked(LockCaller caller, LockInfo lock) {
		EndpointProblem problem = EndpointProblem.of(HttpStatus.LOCKED, "locked",
				(isOwn(caller, lock) ? "You hold '%s' already, perhaps in another tab."
						: "'%s' is locked by somebody else.")
					.formatted(lock.resource()));
		Map<String, ?> shown = show(problem, caller, lock);
		if (lock.expiresIn() != null && shown.containsKey("expiresIn")) {
			problem.retryAfter(lock.expiresIn());
		}
		return problem;
	}

	EndpointProblem ended(LockCaller caller, String resource, @Nullable LockInfo current) {
		EndpointProblem problem = EndpointProblem.of(HttpStatus.CONFLICT, "grant-ended",
				"That grant of '%s' has ended.".formatted(resource));
		if (current == null) {
			return problem.with("resource", resource).with("held", false);
		}
		show(problem.with("held", true), caller, current);
		return problem;
	}

	private Map<String, ?> show(EndpointProblem problem, LockCaller caller, LockInfo lock) {
		Map<String, ?> shown = this.view.show(lock);
		shown.forEach(problem::with);
		problem.with("resource", lock.resource()).with("own", isOwn(caller, lock));
		return shown;
	}

	Map<String, ?> show(LockInfo lock) {
		return this.view.show(lock);
	}

	static boolean isOwn(LockCaller caller, LockInfo lock) {
		return lock.locker().equals(caller.locker());
	}

	static @Nullable Double seconds(@Nullable Duration time) {
		return (time != null) ? time.toMillis() / 1000.0 : null;
	}

}
