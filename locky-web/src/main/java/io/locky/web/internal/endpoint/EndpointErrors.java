package io.locky.web.internal.endpoint;

import java.time.Duration;

import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.server.ResponseStatusException;

/**
 * The error responses of both controllers. They are handlers of the controllers, so that
 * an advice of the application does not change them. A reactive application may lack the
 * servlet API, so nothing here refers to it.
 */
public abstract class EndpointErrors {

	private static final Duration RETRY = Duration.ofSeconds(2);

	/** Responds to a method that does not fit the path with a problem like all others. */
	@RequestMapping(
			path = { "/locks/acquire", "/locks/heartbeat", "/locks/release", "/locks/takeover", "/locks/query" },
			method = { RequestMethod.GET, RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE })
	void onlyPost() {
		throw EndpointProblem.methodNotAllowed("POST");
	}

	/** Responds to a method that does not fit the path with a problem like all others. */
	@RequestMapping(path = "/locks",
			method = { RequestMethod.POST, RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE })
	void onlyGet() {
		throw EndpointProblem.methodNotAllowed("GET");
	}

	/** Responds to a method that does not fit the path with a problem like all others. */
	@RequestMapping(path = "/events", method = { RequestMethod.PUT, RequestMethod.PATCH, RequestMethod.DELETE })
	void onlyGetAndPost() {
		throw EndpointProblem.methodNotAllowed("GET, POST");
	}

	@ExceptionHandler
	ErrorResponse refused(EndpointProblem ex) {
		return ex;
	}

	@ExceptionHandler
	ErrorResponse unreadable(HttpMessageNotReadableException ex) {
		return (ex.getMostSpecificCause() instanceof EndpointProblem problem) ? problem : EndpointProblem.unreadable();
	}

	@ExceptionHandler
	ErrorResponse unbound(TypeMismatchException ex) {
		return EndpointProblem.unreadable();
	}

	@ExceptionHandler
	ErrorResponse badExchange(ResponseStatusException ex) {
		return of(ex.getStatusCode());
	}

	/** Redis did not answer: neither "locked" nor "free" would be true. */
	@ExceptionHandler
	ErrorResponse unavailable(DataAccessException ex) {
		return EndpointProblem
			.of(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "The locks cannot be reached. Try again.")
			.retryAfter(RETRY);
	}

	/**
	 * Returns the problem for a status that the web framework chose.
	 * @param status the status of the framework
	 * @return the problem
	 */
	protected static ErrorResponse of(HttpStatusCode status) {
		if (status.value() == EndpointProblem.TOO_LARGE) {
			return EndpointProblem.tooLarge();
		}
		if (status.value() == HttpStatus.NOT_ACCEPTABLE.value()) {
			return EndpointProblem.of(HttpStatus.NOT_ACCEPTABLE, "not-acceptable", "The answer can only be JSON.");
		}
		if (status.value() == HttpStatus.UNSUPPORTED_MEDIA_TYPE.value()) {
			return EndpointProblem.unsupportedMediaType();
		}
		return EndpointProblem.unreadable();
	}

}
