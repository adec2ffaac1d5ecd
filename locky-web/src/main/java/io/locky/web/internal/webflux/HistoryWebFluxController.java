package io.locky.web.internal.webflux;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.LockHolds;
import io.locky.web.internal.endpoint.HistoryEndpoint;
import reactor.core.publisher.Mono;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * The history of locks in Spring WebFlux.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class HistoryWebFluxController extends EndpointErrors {

	private final HistoryEndpoint endpoint;

	private final WebFluxCalls calls;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param calls reads requests
	 */
	public HistoryWebFluxController(HistoryEndpoint endpoint, WebFluxCalls calls) {
		this.endpoint = endpoint;
		this.calls = calls;
	}

	@GetMapping("/history")
	Mono<ResponseEntity<LockHolds>> history(ServerWebExchange exchange) {
		return this.calls.of(exchange)
			.map((call) -> EndpointMessages.json(this.endpoint.history(call.caller(), WebFluxCalls.query(exchange))));
	}

}
