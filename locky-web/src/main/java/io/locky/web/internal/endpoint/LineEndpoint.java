package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.locky.people.LineFullException;
import io.locky.people.LinePlace;
import io.locky.people.LockLine;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointMessages.LineBody;
import io.locky.web.internal.endpoint.EndpointMessages.PlaceInLine;
import io.locky.web.internal.endpoint.EndpointMessages.PlacesInLine;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The operations of the HTTP endpoints for the lines of people.
 */
public final class LineEndpoint {

	private static final Duration RETRY = Duration.ofSeconds(10);

	private final LockLine line;

	private final LockEndpoint locks;

	private final LockAccessPolicy policy;

	private final LockAnswers answers;

	/**
	 * Creates the endpoint.
	 * @param line the lines
	 * @param locks counts the requests of a caller
	 * @param policy decides who may join and see a line
	 * @param answers what to show of those who wait
	 */
	public LineEndpoint(LockLine line, LockEndpoint locks, LockAccessPolicy policy, LockAnswers answers) {
		this.line = line;
		this.locks = locks;
		this.policy = policy;
		this.answers = answers;
	}

	/**
	 * Joins a line, or keeps a place in it.
	 * @param caller who waits
	 * @param body for what
	 * @return the line
	 */
	public PlacesInLine join(LockCaller caller, LineBody body) {
		this.locks.admit(caller);
		String resource = queueable(caller, body.resource());
		try {
			return answer(caller, resource, Optional.of(this.line.join(resource, caller.locker())));
		}
		catch (LineFullException ex) {
			throw EndpointProblem
				.of(HttpStatus.SERVICE_UNAVAILABLE, "line-full", "Too many wait for '%s' already.".formatted(resource))
				.with("resource", resource)
				.retryAfter(RETRY);
		}
	}

	/**
	 * Keeps a place in a line.
	 * @param caller who waits
	 * @param body for what
	 * @return the line; without a place of the caller if that has ended
	 */
	public PlacesInLine refresh(LockCaller caller, LineBody body) {
		this.locks.admit(caller);
		String resource = queueable(caller, body.resource());
		return answer(caller, resource, this.line.refresh(resource, caller.locker()));
	}

	/**
	 * Leaves a line. Never refused for a limit: it frees something.
	 * @param caller who waited
	 * @param body for what
	 */
	public void leave(LockCaller caller, LineBody body) {
		this.line.leave(EndpointInput.resource(body.resource()), caller.locker());
	}

	/**
	 * Returns who is in a line.
	 * @param caller the caller, who need not be in it
	 * @param query the query of the request, or {@code null}, with the field
	 * {@code resource}
	 * @return the line
	 */
	public PlacesInLine places(LockCaller caller, @Nullable String query) {
		this.locks.admit(caller);
		String resource = EndpointInput.resource(FormFields.single(FormFields.read(query), "resource"));
		if (!this.locks.mayWatch(caller, resource)) {
			throw EndpointProblem.forbidden("You may not watch '%s'.", resource);
		}
		List<LinePlace> places = this.line.places(resource);
		return answer(caller, places,
				places.stream().filter((place) -> place.locker().equals(caller.locker())).findFirst());
	}

	private String queueable(LockCaller caller, @Nullable String resource) {
		String name = EndpointInput.resource(resource);
		if (!this.policy.mayQueue(caller, name)) {
			throw EndpointProblem.forbidden("You may not wait for '%s'.", name);
		}
		return name;
	}

	private PlacesInLine answer(LockCaller caller, String resource, Optional<LinePlace> own) {
		List<LinePlace> places = this.line.places(resource);
		if (this.locks.mayWatch(caller, resource)) {
			return answer(caller, places, own);
		}
		PlacesInLine only = answer(caller, own.stream().toList(), own);
		return new PlacesInLine(only.places(), only.own(), places.size());
	}

	private PlacesInLine answer(LockCaller caller, List<LinePlace> places, Optional<LinePlace> own) {
		return new PlacesInLine(places.stream().map((place) -> shown(caller, place)).toList(),
				own.map((place) -> shown(caller, place)).orElse(null), places.size());
	}

	private PlaceInLine shown(LockCaller caller, LinePlace place) {
		String name = this.answers.person(place.resource(), place.locker(), place.since(), place.expiresIn(), caller);
		return new PlaceInLine(name, place.position(), place.since().toString(), place.expiresIn().toMillis() / 1000.0,
				LockAnswers.seconds(place.offeredFor()), place.locker().equals(caller.locker()));
	}

}
