package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.locky.InvalidLockValueException;
import io.locky.LockInfo;
import io.locky.LockyOperations;
import io.locky.people.HandoverAnswer;
import io.locky.people.HandoverAnswer.Later;
import io.locky.people.HandoverAnswer.No;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.HandoversFullException;
import io.locky.people.LockHandovers;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointMessages.AcquireBody;
import io.locky.web.internal.endpoint.EndpointMessages.AnswerBody;
import io.locky.web.internal.endpoint.EndpointMessages.AskBody;
import io.locky.web.internal.endpoint.EndpointMessages.ClaimBody;
import io.locky.web.internal.endpoint.EndpointMessages.HandoverRequests;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.WithdrawBody;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The operations of the HTTP endpoints for requests to hand over locks.
 */
public final class HandoverEndpoint {

	private static final Duration RETRY = Duration.ofSeconds(10);

	private static final double LONGEST_DELAY = Duration.ofDays(1).toSeconds();

	private static final int LONGEST_ID = 64;

	private final LockEndpoint endpoint;

	private final LockyOperations locks;

	private final LockHandovers handovers;

	private final LockAccessPolicy policy;

	private final HandoverViews views;

	/**
	 * Creates the endpoint.
	 * @param endpoint the operations for locks
	 * @param locks the locks
	 * @param handovers the requests
	 * @param policy decides who may do what
	 * @param views shows requests
	 */
	public HandoverEndpoint(LockEndpoint endpoint, LockyOperations locks, LockHandovers handovers,
			LockAccessPolicy policy, HandoverViews views) {
		this.endpoint = endpoint;
		this.locks = locks;
		this.handovers = handovers;
		this.policy = policy;
		this.views = views;
	}

	/**
	 * Asks the holder of a lock to hand it over.
	 * @param caller the caller who wants the lock
	 * @param body what to ask for
	 * @return the request
	 */
	public Map<String, ?> ask(LockCaller caller, AskBody body) {
		this.endpoint.admit(caller);
		String resource = EndpointInput.resource(body.resource());
		LockInfo current = this.locks.find(resource).orElse(null);
		if (current == null || LockAnswers.isOwn(caller, current)) {
			throw nobody(caller, resource, current != null);
		}
		if (!this.policy.mayAsk(caller, current)) {
			throw EndpointProblem.forbidden("You may not ask for '%s'.", resource);
		}
		String note = (body.note() != null) ? body.note() : "";
		Duration silence = this.policy.silence(caller, current);
		try {
			return valid(() -> this.handovers.ask(resource, caller.locker(), note, silence))
				.map((request) -> this.views.show(request, caller))
				.orElseThrow(() -> nobody(caller, resource, this.locks.find(resource).isPresent()));
		}
		catch (HandoversFullException ex) {
			throw EndpointProblem
				.of(HttpStatus.SERVICE_UNAVAILABLE, "too-many-askers",
						"Too many others have asked for '%s'.".formatted(resource))
				.with("resource", resource)
				.retryAfter(RETRY);
		}
	}

	private EndpointProblem nobody(LockCaller caller, String resource, boolean held) {
		boolean own = held && this.locks.find(resource).filter((lock) -> LockAnswers.isOwn(caller, lock)).isPresent();
		return EndpointProblem
			.of(HttpStatus.CONFLICT, "nobody-to-ask", "There is nobody to ask for '%s'.".formatted(resource))
			.with("resource", resource)
			.with("held", held)
			.with("own", own);
	}

	/**
	 * Answers a request.
	 * @param caller the holder
	 * @param body the answer
	 * @return the request
	 */
	public Map<String, ?> answer(LockCaller caller, AnswerBody body) {
		this.endpoint.admit(caller);
		String resource = EndpointInput.resource(body.resource());
		long fence = EndpointInput.fence(body.fence());
		String request = id(body.request());
		HandoverAnswer answer = read(body);
		return valid(() -> this.handovers.answer(resource, caller.locker(), fence, request, answer))
			.map((answered) -> this.views.show(answered, caller))
			.orElseThrow(() -> ended(resource));
	}

	private static HandoverAnswer read(AnswerBody body) {
		return switch (String.valueOf(body.answer())) {
			case "now" -> new Now();
			case "later" -> new Later(delay(body.seconds()));
			case "no" -> new No((body.reason() != null) ? body.reason() : "");
			default -> throw EndpointProblem.invalid("'answer' must be now, later or no.");
		};
	}

	private static Duration delay(@Nullable Double seconds) {
		if (seconds == null || !(seconds >= 1 && seconds <= LONGEST_DELAY)) {
			throw EndpointProblem.invalid("'seconds' must be from 1 second to 1 day.");
		}
		return Duration.ofMillis(Math.round(seconds * 1000));
	}

	/**
	 * Takes the lock that the caller asked for.
	 * @param caller the caller who asked
	 * @param body the request
	 * @return the grant
	 */
	public CompletionStage<LockGrant> claim(LockCaller caller, ClaimBody body) {
		this.endpoint.admit(caller);
		String request = id(body.request());
		AcquireBody wish = new AcquireBody(body.resource(), body.note(), body.page(), body.ttl());
		return this.endpoint.claim(caller, wish, (attempt) -> this.handovers.claim(attempt, request));
	}

	/**
	 * Withdraws a request.
	 * @param caller the caller who asked
	 * @param body the request
	 */
	public void withdraw(LockCaller caller, WithdrawBody body) {
		this.endpoint.admit(caller);
		String resource = EndpointInput.resource(body.resource());
		if (!this.handovers.withdraw(resource, caller.locker(), id(body.request()))) {
			throw ended(resource);
		}
	}

	/**
	 * Returns the requests that concern the caller: all of them if it is the holder, else
	 * its own.
	 * @param caller the caller
	 * @param query the query of the request, or {@code null}, with the field
	 * {@code resource}
	 * @return the requests, the oldest first
	 */
	public HandoverRequests requests(LockCaller caller, @Nullable String query) {
		this.endpoint.admit(caller);
		String resource = EndpointInput.resource(FormFields.single(FormFields.read(query), "resource"));
		boolean isHolder = this.locks.find(resource).filter((lock) -> LockAnswers.isOwn(caller, lock)).isPresent();
		List<HandoverRequest> requests = this.handovers.requests(resource);
		return new HandoverRequests(requests.stream()
			.filter((request) -> isHolder || request.locker().equals(caller.locker()))
			.<Map<String, ?>>map((request) -> this.views.show(request, caller))
			.toList());
	}

	private static EndpointProblem ended(String resource) {
		return EndpointProblem
			.of(HttpStatus.CONFLICT, "request-ended", "That request for '%s' has ended.".formatted(resource))
			.with("resource", resource);
	}

	private static String id(@Nullable String request) {
		if (request == null || request.isEmpty() || request.length() > LONGEST_ID) {
			throw EndpointProblem.invalid("'request' must be the id of a request.");
		}
		return request;
	}

	private static <T> Optional<T> valid(Supplier<Optional<T>> call) {
		try {
			return call.get();
		}
		catch (InvalidLockValueException ex) {
			throw EndpointProblem.invalid(ex.getProblem() + ".");
		}
	}

}
