package io.locky.web.internal.webflux;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.PresenceBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresencePageBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresentPeople;
import io.locky.web.internal.endpoint.PresenceEndpoint;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * The HTTP endpoints for presence in Spring WebFlux.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class PresenceWebFluxController extends EndpointErrors {

	private final PresenceEndpoint endpoint;

	private final WebFluxCalls calls;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param calls reads requests
	 */
	public PresenceWebFluxController(PresenceEndpoint endpoint, WebFluxCalls calls) {
		this.endpoint = endpoint;
		this.calls = calls;
	}

	@PostMapping("/presence/enter")
	Mono<ResponseEntity<PresentPeople>> enter(ServerWebExchange exchange) {
		return this.calls.answer(exchange, PresenceBody.class,
				(call, body) -> EndpointMessages.json(this.endpoint.enter(call.caller(), body)));
	}

	@PostMapping("/presence/leave")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> leave(ServerWebExchange exchange) {
		return this.calls.body(exchange, PresencePageBody.class).flatMap((body) -> leave(exchange, body));
	}

	@PostMapping(path = "/presence/leave", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> leaveByBeacon(ServerWebExchange exchange) {
		return exchange.getFormData().map(PresencePageBody::ofForm).flatMap((body) -> leave(exchange, body));
	}

	private Mono<Void> leave(ServerWebExchange exchange, PresencePageBody body) {
		return this.calls.of(exchange).doOnNext((call) -> this.endpoint.leave(call.caller(), body)).then();
	}

	@GetMapping("/presence")
	Mono<ResponseEntity<PresentPeople>> people(ServerWebExchange exchange) {
		return this.calls.of(exchange)
			.map((call) -> EndpointMessages.json(this.endpoint.people(call.caller(), WebFluxCalls.query(exchange))));
	}

}
