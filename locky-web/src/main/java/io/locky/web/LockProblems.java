package io.locky.web;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

import io.locky.InvalidLockValueException;
import io.locky.LockInfo;
import io.locky.LockLostException;
import io.locky.LockRequiredException;
import io.locky.ResourceLockedException;
import io.locky.StaleFenceException;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;

/**
 * Turns the exceptions of Locky into problem details of RFC 9457. Their texts never name
 * the holder: only the {@link LockHolderView} decides what is shown. For functional
 * routes, and for an advice of your own.
 *
 * @since 0.9.0
 */
public final class LockProblems {

	private static final String TYPES = "urn:problem-type:locky:";

	private static final Set<String> MEMBERS = Set.of("type", "title", "status", "detail", "instance");

	private final LockHolderView view;

	/**
	 * Creates the problems.
	 * @param view what to show of a holder
	 */
	public LockProblems(LockHolderView view) {
		this.view = view;
	}

	/**
	 * The lock is held: 423 Locked, with {@code Retry-After} if the view shows
	 * {@code expiresIn}.
	 * @param ex the exception
	 * @return the response
	 */
	public ErrorResponse of(ResourceLockedException ex) {
		LockInfo lock = ex.getLock();
		ProblemDetail problem = problem(HttpStatus.LOCKED, "locked", "Locked", ex.getResource(),
				"'%s' is locked by somebody else.");
		Map<String, ?> shown = show(problem, lock);
		ErrorResponse.Builder response = ErrorResponse.builder(ex, problem);
		if (lock.expiresIn() != null && shown.containsKey("expiresIn")) {
			response.header(HttpHeaders.RETRY_AFTER, wholeSeconds(lock.expiresIn()));
		}
		return response.build();
	}

	/**
	 * The caller does not hold the lock: 428 Precondition Required. If the same locker
	 * holds it with another grant, the problem shows that grant.
	 * @param ex the exception
	 * @return the response
	 */
	public ErrorResponse of(LockRequiredException ex) {
		LockInfo current = ex.getCurrent();
		ProblemDetail problem = problem(HttpStatus.PRECONDITION_REQUIRED, "lock-required", "Lock required",
				ex.getResource(), (current != null) ? "Your lock of '%s' has ended, and you have acquired it again."
						: "'%s' must be locked for that, but nobody holds it.");
		if (current != null) {
			show(problem, current);
		}
		return ErrorResponse.builder(ex, problem).build();
	}

	/**
	 * A later holder has saved: 409 Conflict.
	 * @param ex the exception
	 * @return the response
	 */
	public ErrorResponse of(StaleFenceException ex) {
		ProblemDetail problem = problem(HttpStatus.CONFLICT, "stale-fence", "Stale fence", ex.getResource(),
				"'%s' was not saved: a later holder of its lock has saved, or it does not exist.");
		problem.setProperty("fence", ex.getFence());
		return ErrorResponse.builder(ex, problem).build();
	}

	/**
	 * The lock was lost while the request was served: 409 Conflict.
	 * @param ex the exception
	 * @return the response
	 */
	public ErrorResponse of(LockLostException ex) {
		ProblemDetail problem = problem(HttpStatus.CONFLICT, "lock-lost", "Lock lost", ex.getResource(),
				"The lock of '%s' was lost before the work was done: somebody else may have acquired it.");
		problem.setProperty("fence", ex.getFence());
		return ErrorResponse.builder(ex, problem).build();
	}

	/**
	 * The request names a resource, a locker or a fence that cannot be one: 400 Bad
	 * Request.
	 * @param ex the exception
	 * @return the response
	 */
	public ErrorResponse of(InvalidLockValueException ex) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, ex.getProblem() + ".");
		problem.setType(URI.create(TYPES + "invalid-request"));
		problem.setTitle("Invalid request");
		return ErrorResponse.builder(ex, problem).build();
	}

	private Map<String, ?> show(ProblemDetail problem, LockInfo lock) {
		Map<String, ?> shown = this.view.show(lock, null);
		shown.forEach((name, value) -> {
			if (!isMember(name)) {
				problem.setProperty(name, value);
			}
		});
		problem.setProperty("resource", lock.resource());
		return shown;
	}

	/**
	 * Whether each problem detail has a member of that name: a second one would make its
	 * JSON ambiguous.
	 * @param name the name
	 * @return whether not to add it
	 */
	public static boolean isMember(String name) {
		return MEMBERS.contains(name);
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
