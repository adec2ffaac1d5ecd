package io.locky.web.internal.webflux;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.LineBody;
import io.locky.web.internal.endpoint.EndpointMessages.PlacesInLine;
import io.locky.web.internal.endpoint.LineEndpoint;
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
 * The HTTP endpoints for lines in Spring WebFlux.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LineWebFluxController extends EndpointErrors {

	private final LineEndpoint endpoint;

	private final WebFluxCalls calls;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param calls reads requests
	 */
	public LineWebFluxController(LineEndpoint endpoint, WebFluxCalls calls) {
		this.endpoint = endpoint;
		this.calls = calls;
	}

	@PostMapping("/line/join")
	Mono<ResponseEntity<PlacesInLine>> join(ServerWebExchange exchange) {
		return this.calls.answer(exchange, LineBody.class,
				(call, body) -> EndpointMessages.json(this.endpoint.join(call.caller(), body)));
	}

	@PostMapping("/line/refresh")
	Mono<ResponseEntity<PlacesInLine>> refresh(ServerWebExchange exchange) {
		return this.calls.answer(exchange, LineBody.class,
				(call, body) -> EndpointMessages.json(this.endpoint.refresh(call.caller(), body)));
	}

	@PostMapping("/line/leave")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> leave(ServerWebExchange exchange) {
		return this.calls.body(exchange, LineBody.class)
			.flatMap((body) -> this.calls.of(exchange)
				.doOnNext((call) -> this.endpoint.leave(call.caller(), body))
				.then());
	}

	@GetMapping("/line")
	Mono<ResponseEntity<PlacesInLine>> places(ServerWebExchange exchange) {
		return this.calls.of(exchange)
			.map((call) -> EndpointMessages.json(this.endpoint.places(call.caller(), WebFluxCalls.query(exchange))));
	}

}
