package io.locky.web.internal.webflux;

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
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * The HTTP endpoints for requests to hand over locks in Spring WebFlux. Threads that may
 * block call the policy and Redis.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class HandoverWebFluxController extends EndpointErrors {

	private final HandoverEndpoint endpoint;

	private final WebFluxCalls calls;

	private final LockSessions sessions;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param calls reads requests
	 * @param sessions ends what belongs to a session
	 */
	public HandoverWebFluxController(HandoverEndpoint endpoint, WebFluxCalls calls, LockSessions sessions) {
		this.endpoint = endpoint;
		this.calls = calls;
		this.sessions = sessions;
	}

	@PostMapping("/handovers/ask")
	Mono<ResponseEntity<Map<String, ?>>> ask(ServerWebExchange exchange) {
		return this.calls.answer(exchange, AskBody.class,
				(call, body) -> EndpointMessages.json(this.endpoint.ask(call.caller(), body)));
	}

	@PostMapping("/handovers/answer")
	Mono<ResponseEntity<Map<String, ?>>> answer(ServerWebExchange exchange) {
		return this.calls.answer(exchange, AnswerBody.class,
				(call, body) -> EndpointMessages.json(this.endpoint.answer(call.caller(), body)));
	}

	@PostMapping("/handovers/claim")
	Mono<ResponseEntity<LockGrant>> claim(ServerWebExchange exchange) {
		return this.calls.answerLater(exchange, ClaimBody.class,
				(call, body) -> this.endpoint.claim(call.caller(), body).thenApply((grant) -> {
					call.add(grant.resource(), grant.fence(), this.sessions);
					return EndpointMessages.json(grant);
				}));
	}

	@PostMapping("/handovers/withdraw")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> withdraw(ServerWebExchange exchange) {
		return this.calls.answer(exchange, WithdrawBody.class, (call, body) -> {
			this.endpoint.withdraw(call.caller(), body);
			return body;
		}).then();
	}

	@GetMapping("/handovers")
	Mono<ResponseEntity<HandoverRequests>> requests(ServerWebExchange exchange) {
		return this.calls.of(exchange)
			.map((call) -> EndpointMessages.json(this.endpoint.requests(call.caller(), WebFluxCalls.query(exchange))));
	}

}
