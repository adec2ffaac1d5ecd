package io.locky.web;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.LockRequiredException;
import io.locky.ResourceLockedException;
import io.locky.StaleFenceException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;

/**
 * Turns the exceptions of Locky into problem details of RFC 9457. Their texts never name
 * the holder: what is told of one is what the {@link LockHolderView} shows. For use by
 * functional routes, or by an advice of your own.
 *
 * @since 0.1.0
 */
public final class LockProblems {

	private static final String TYPES = "urn:problem-type:locky:";

	private final LockHolderView view;

	/**
	 * Creates the problems.
	 * @param view what is told of a holder
	 */
	public LockProblems(LockHolderView view) {
		this.view = view;
	}

	/**
	 * Somebody else holds the lock: 423 Locked, with {@code Retry-After} if the view
	 * shows {@code expiresIn}.
	 * @param ex what was thrown
	 * @return the answer
	 */
	public ErrorResponse of(ResourceLockedException ex) {
		LockInfo holder = ex.getLock();
		ProblemDetail problem = problem(HttpStatus.LOCKED, "locked", "Locked", ex.getResource(),
				"'%s' is locked by somebody else.");
		Map<String, ?> shown = this.view.show(holder);
		shown.forEach(problem::setProperty);
		ErrorResponse.Builder answer = ErrorResponse.builder(ex, problem);
		if (holder.expiresIn() != null && shown.containsKey("expiresIn")) {
			answer.header(HttpHeaders.RETRY_AFTER, wholeSeconds(holder.expiresIn()));
		}
		return answer.build();
	}

	/**
	 * The caller does not hold the lock: 428 Precondition Required, with the other grant
	 * of the same locker if there is one.
	 * @param ex what was thrown
	 * @return the answer
	 */
	public ErrorResponse of(LockRequiredException ex) {
		LockInfo current = ex.getCurrent();
		ProblemDetail problem = problem(HttpStatus.PRECONDITION_REQUIRED, "lock-required", "Lock required",
				ex.getResource(), (current != null) ? "Your lock of '%s' has ended, and you have taken it anew."
						: "'%s' must be locked for that, but nobody holds it.");
		if (current != null) {
			this.view.show(current).forEach(problem::setProperty);
		}
		return ErrorResponse.builder(ex, problem).build();
	}

	/**
	 * A later holder has saved: 409 Conflict.
	 * @param ex what was thrown
	 * @return the answer
	 */
	public ErrorResponse of(StaleFenceException ex) {
		ProblemDetail problem = problem(HttpStatus.CONFLICT, "stale-fence", "Stale fence", ex.getResource(),
				"'%s' was not saved: a later holder of its lock has saved, or it does not exist.");
		problem.setProperty("fence", ex.getFence());
		return ErrorResponse.builder(ex, problem).build();
	}

	private static ProblemDetail problem(HttpStatus status, String type, String title, String resource, String text) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, text.formatted(resource));
		problem.setType(URI.create(TYPES + type));
		problem.setTitle(title);
		problem.setProperty("resource", resource);
		return problem;
	}

	private static String wholeSeconds(Duration duration) {
		return Long.toString(duration.plusMillis(999).toSeconds());
	}

}
