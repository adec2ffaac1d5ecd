package io.locky.web.internal.endpoint;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.locky.web.LockProblems;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;

/**
 * A refused request, with the problem details of the response.
 */
public final class EndpointProblem extends ErrorResponseException {

	/** The constant has another name in Spring Framework 6. */
	static final int TOO_LARGE = 413;

	private static final String TYPES = "urn:problem-type:locky:";

	private EndpointProblem(HttpStatus status, ProblemDetail body) {
		super(status, body, null);
	}

	static EndpointProblem of(HttpStatus status, String code, String detail) {
		ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail);
		body.setType(URI.create(TYPES + code));
		String words = code.replace('-', ' ');
		body.setTitle(Character.toUpperCase(words.charAt(0)) + words.substring(1));
		return new EndpointProblem(status, body);
	}

	static EndpointProblem invalid(String detail) {
		return of(HttpStatus.BAD_REQUEST, "invalid-request", detail);
	}

	static EndpointProblem forbidden(String detail, String resource) {
		return of(HttpStatus.FORBIDDEN, "forbidden", detail.formatted(resource)).with("resource", resource);
	}

	/**
	 * The request has no locker.
	 * @return the problem
	 */
	public static EndpointProblem unauthenticated() {
		return of(HttpStatus.UNAUTHORIZED, "unauthenticated", "The caller is not authenticated. Log in.");
	}

	/**
	 * The body is too large.
	 * @return the problem
	 */
	public static EndpointProblem tooLarge() {
		return of(HttpStatus.valueOf(TOO_LARGE), "too-large", "The body is too large.");
	}

	/**
	 * The body is not JSON.
	 * @return the problem
	 */
	public static EndpointProblem unsupportedMediaType() {
		return of(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Send JSON, as application/json.");
	}

	/**
	 * The request cannot be read.
	 * @return the problem
	 */
	public static EndpointProblem unreadable() {
		return invalid("The request cannot be read: something is missing, or not what it must be.");
	}

	/**
	 * The response as it is, whatever the request accepts.
	 * @return the problem details with their type
	 */
	ResponseEntity<ProblemDetail> toResponse() {
		return ResponseEntity.status(getStatusCode())
			.headers(getHeaders())
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(getBody());
	}

	/**
	 * The body of the response, for a filter, which has no converters. Only for problems
	 * without values of the request.
	 * @return JSON
	 */
	public byte[] toJson() {
		ProblemDetail body = getBody();
		return "{\"detail\":\"%s\",\"status\":%d,\"title\":\"%s\",\"type\":\"%s\"}"
			.formatted(body.getDetail(), body.getStatus(), body.getTitle(), body.getType())
			.getBytes(StandardCharsets.UTF_8);
	}

	static EndpointProblem notAcceptable(MediaType answer) {
		return of(HttpStatus.NOT_ACCEPTABLE, "not-acceptable", "The answer can only be %s.".formatted(answer));
	}

	static EndpointProblem methodNotAllowed(String allowed) {
		EndpointProblem problem = of(HttpStatus.METHOD_NOT_ALLOWED, "method-not-allowed",
				"The method must be one of: %s.".formatted(allowed));
		problem.getHeaders().set(HttpHeaders.ALLOW, allowed);
		return problem;
	}

	EndpointProblem with(String name, @Nullable Object value) {
		if (!LockProblems.isMember(name)) {
			getBody().setProperty(name, value);
		}
		return this;
	}

	EndpointProblem retryAfter(Duration time) {
		getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, time.plusMillis(999).toSeconds())));
		return this;
	}

}
