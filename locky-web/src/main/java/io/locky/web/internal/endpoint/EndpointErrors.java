package io.locky.web.internal.endpoint;

import java.time.Duration;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * The error responses of both controllers. They are handlers of the controllers, so that
 * an advice of the application does not change them. A reactive application may lack the
 * servlet API, so nothing here refers to it.
 */
public abstract class EndpointErrors {

	private static final Duration RETRY = Duration.ofSeconds(2);

	@ExceptionHandler
	ResponseEntity<ProblemDetail> refused(EndpointProblem ex) {
		return ex.toResponse();
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException ex) {
		return ((ex.getMostSpecificCause() instanceof EndpointProblem problem) ? problem : EndpointProblem.unreadable())
			.toResponse();
	}

	/** Redis did not answer: neither "locked" nor "free" would be true. */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> unavailable(DataAccessException ex) {
		return EndpointProblem
			.of(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "The locks cannot be reached. Try again.")
			.retryAfter(RETRY)
			.toResponse();
	}

}
