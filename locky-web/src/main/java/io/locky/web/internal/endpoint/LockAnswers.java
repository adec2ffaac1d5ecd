package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.web.LockCaller;
import io.locky.web.LockHolderView;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * What callers are told of who holds a lock.
 *
 * @since 0.1.0
 */
public final class LockAnswers {

	private final LockHolderView view;

	/**
	 * Creates the answers.
	 * @param view what is shown of a holder
	 */
	public LockAnswers(LockHolderView view) {
		this.view = view;
	}

	LockState state(LockCaller caller, String resource, @Nullable LockInfo lock) {
		return (lock != null) ? new LockState(resource, true, isOwn(caller, lock), this.view.show(lock))
				: new LockState(resource, false, false, null);
	}

	EndpointProblem locked(LockCaller caller, LockInfo holder) {
		EndpointProblem problem = EndpointProblem.of(HttpStatus.LOCKED, "locked",
				(isOwn(caller, holder) ? "You hold '%s' already, perhaps in another tab."
						: "'%s' is locked by somebody else.")
					.formatted(holder.resource()));
		Map<String, ?> shown = show(problem, caller, holder);
		if (holder.expiresIn() != null && shown.containsKey("expiresIn")) {
			problem.retryAfter(holder.expiresIn());
		}
		return problem;
	}

	EndpointProblem ended(LockCaller caller, String resource, @Nullable LockInfo holder) {
		EndpointProblem problem = EndpointProblem.of(HttpStatus.CONFLICT, "grant-ended",
				"That grant of '%s' has ended.".formatted(resource));
		if (holder == null) {
			return problem.with("resource", resource).with("held", false);
		}
		show(problem.with("held", true), caller, holder);
		return problem;
	}

	private Map<String, ?> show(EndpointProblem problem, LockCaller caller, LockInfo holder) {
		Map<String, ?> shown = this.view.show(holder);
		shown.forEach(problem::with);
		problem.with("resource", holder.resource()).with("own", isOwn(caller, holder));
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
