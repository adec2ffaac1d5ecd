package io.locky.web.internal.mvc;

import java.util.Map;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.AnswerBody;
import io.locky.web.internal.endpoint.EndpointMessages.AskBody;
import io.locky.web.internal.endpoint.EndpointMessages.ClaimBody;
import io.locky.web.internal.endpoint.EndpointMessages.HandoverRequests;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.WithdrawBody;
import io.locky.web.internal.endpoint.HandoverEndpoint;
import io.locky.web.internal.endpoint.LockSessions;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The HTTP endpoints for requests to hand over locks in Spring MVC.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class HandoverMvcController extends EndpointErrors {

	private final HandoverEndpoint endpoint;

	private final MvcCallers callers;

	private final SessionGrants sessions;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param callers returns the caller of a request
	 * @param sessions ends what belongs to a session
	 */
	public HandoverMvcController(HandoverEndpoint endpoint, MvcCallers callers, LockSessions sessions) {
		this.endpoint = endpoint;
		this.callers = callers;
		this.sessions = new SessionGrants(sessions);
	}

	@PostMapping("/handovers/ask")
	ResponseEntity<Map<String, ?>> ask(HttpServletRequest request, @RequestBody AskBody body) {
		return EndpointMessages.json(this.endpoint.ask(this.callers.of(request), body));
	}

	@PostMapping("/handovers/answer")
	ResponseEntity<Map<String, ?>> answer(HttpServletRequest request, @RequestBody AnswerBody body) {
		return EndpointMessages.json(this.endpoint.answer(this.callers.of(request), body));
	}

	@PostMapping("/handovers/claim")
	ResponseEntity<LockGrant> claim(HttpServletRequest request, @RequestBody ClaimBody body) {
		LockGrant grant = Completed.result(this.endpoint.claim(this.callers.of(request), body));
		this.sessions.add(request, grant.resource(), grant.locker(), grant.fence());
		return EndpointMessages.json(grant);
	}

	@PostMapping("/handovers/withdraw")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void withdraw(HttpServletRequest request, @RequestBody WithdrawBody body) {
		this.endpoint.withdraw(this.callers.of(request), body);
	}

	@GetMapping("/handovers")
	ResponseEntity<HandoverRequests> requests(HttpServletRequest request) {
		return EndpointMessages.json(this.endpoint.requests(this.callers.of(request), request.getQueryString()));
	}

}
