package io.locky.web.internal.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Checks the line and the headers of a request to an endpoint, before anything else reads
 * them: filters and web frameworks fail in ways of their own for what cannot be parsed,
 * some only after the operation. What passes has a method, a type and a query that the
 * endpoint answers.
 */
public final class RequestCheck {

	private final List<Route> routes;

	/**
	 * Creates the check.
	 * @param path the path prefix of the endpoints
	 */
	public RequestCheck(String path) {
		this.routes = Arrays.stream(Endpoint.values()).map((endpoint) -> Route.of(path, endpoint)).toList();
	}

	/**
	 * Returns the endpoint that a request is for.
	 * @param path the path within the application
	 * @return the endpoint, or {@code null} if there is none at that path
	 */
	public @Nullable Endpoint endpoint(PathContainer path) {
		for (Route route : this.routes) {
			if (route.pattern().matches(path)) {
				return route.endpoint();
			}
		}
		return null;
	}

	/**
	 * Checks a request.
	 * @param endpoint the endpoint that it is for
	 * @param method the method
	 * @param headers the headers
	 * @param query the query as it was sent, or {@code null} if there is none
	 * @return why it is refused, or {@code null} if it is not
	 */
	public static @Nullable EndpointProblem check(Endpoint endpoint, String method, HttpHeaders headers,
			@Nullable String query) {
		if (method.equals("OPTIONS")) {
			return null;
		}
		if (!endpoint.methods.contains(method)) {
			return EndpointProblem.methodNotAllowed(String.join(", ", endpoint.methods));
		}
		if (!accepts(headers, endpoint.answer)) {
			return EndpointProblem.notAcceptable(endpoint.answer);
		}
		if (method.equals("POST") && type(endpoint, headers) == null) {
			return EndpointProblem.unsupportedMediaType();
		}
		return (query == null || FormFields.isForm(query)) ? null : EndpointProblem.unreadable();
	}

	/**
	 * Whether the body of a request that passed is a form.
	 * @param endpoint the endpoint that it is for
	 * @param method the method
	 * @param headers the headers
	 * @return whether to read fields
	 */
	public static boolean isForm(Endpoint endpoint, String method, HttpHeaders headers) {
		return method.equals("POST")
				&& MediaType.APPLICATION_FORM_URLENCODED.equalsTypeAndSubtype(type(endpoint, headers));
	}

	private static boolean accepts(HttpHeaders headers, MediaType answer) {
		try {
			List<MediaType> types = headers.getAccept();
			return types.isEmpty() || types.stream().anyMatch((type) -> type.includes(answer));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static @Nullable MediaType type(Endpoint endpoint, HttpHeaders headers) {
		try {
			MediaType type = headers.getContentType();
			if (type == null || (type.getCharset() != null && !StandardCharsets.UTF_8.equals(type.getCharset()))) {
				return null;
			}
			return endpoint.bodies.stream().anyMatch(type::equalsTypeAndSubtype) ? type : null;
		}
		catch (InvalidMediaTypeException ex) {
			return null;
		}
	}

	/**
	 * An endpoint, and the requests that it answers.
	 */
	public enum Endpoint {

		/** Acquires a lock. */
		ACQUIRE("/locks/acquire"),

		/** Extends a lease. */
		HEARTBEAT("/locks/heartbeat"),

		/** Releases a lock. */
		RELEASE("/locks/release", MediaType.APPLICATION_FORM_URLENCODED),

		/** Takes a lock over. */
		TAKEOVER("/locks/takeover"),

		/** Returns several states. */
		QUERY("/locks/query"),

		/** Returns one state. */
		STATE("/locks", List.of("GET", "HEAD"), MediaType.APPLICATION_JSON),

		/** Asks a holder to hand its lock over. */
		ASK("/handovers/ask"),

		/** Answers such a request. */
		ANSWER("/handovers/answer"),

		/** Takes the lock that was asked for. */
		CLAIM("/handovers/claim"),

		/** Withdraws such a request. */
		WITHDRAW("/handovers/withdraw"),

		/** Returns such requests. */
		HANDOVERS("/handovers", List.of("GET", "HEAD"), MediaType.APPLICATION_JSON),
		/** Enters a resource, for others to see. */
		PRESENCE_ENTER("/presence/enter"),

		/** Leaves a resource. */
		PRESENCE_LEAVE("/presence/leave", MediaType.APPLICATION_FORM_URLENCODED),

		/** Returns who is looking at a resource. */
		PRESENCE("/presence", List.of("GET", "HEAD"), MediaType.APPLICATION_JSON),
		/** Joins a line, or keeps a place in it. */
		LINE_JOIN("/line/join"),

		/** Keeps a place in a line. */
		LINE_REFRESH("/line/refresh"),

		/** Leaves a line. */
		LINE_LEAVE("/line/leave"),

		/** Returns who is in a line. */
		LINE("/line", List.of("GET", "HEAD"), MediaType.APPLICATION_JSON),
		/** Returns the history of a lock. */
		HISTORY("/history", List.of("GET", "HEAD"), MediaType.APPLICATION_JSON),

		/** Streams events. */
		EVENTS("/events", List.of("GET", "POST"), MediaType.TEXT_EVENT_STREAM);

		private final String path;

		private final List<String> methods;

		private final MediaType answer;

		private final List<MediaType> bodies = new ArrayList<>(List.of(MediaType.APPLICATION_JSON));

		Endpoint(String path, MediaType... bodies) {
			this(path, List.of("POST"), MediaType.APPLICATION_JSON);
			this.bodies.addAll(List.of(bodies));
		}

		Endpoint(String path, List<String> methods, MediaType answer) {
			this.path = path;
			this.methods = methods;
			this.answer = answer;
		}

	}

	/**
	 * The path of an endpoint.
	 *
	 * @param pattern matches the path
	 * @param endpoint the endpoint
	 */
	private record Route(PathPattern pattern, Endpoint endpoint) {

		static Route of(String path, Endpoint endpoint) {
			return new Route(PathPatternParser.defaultInstance.parse(path + endpoint.path), endpoint);
		}

	}

}
