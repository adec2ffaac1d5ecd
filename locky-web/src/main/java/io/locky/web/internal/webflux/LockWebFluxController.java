package io.locky.web.internal.webflux;

import java.util.List;
import java.util.function.Function;

import io.locky.LockerResolver;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.AcquireBody;
import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.GrantBody;
import io.locky.web.internal.endpoint.LockBeat;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockGrant;
import io.locky.web.internal.endpoint.LockState;
import io.locky.web.internal.endpoint.LockStates;
import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.LockStreams;
import io.locky.web.internal.endpoint.QueryBody;
import io.locky.web.internal.endpoint.TakeoverBody;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * The HTTP endpoints for locks in Spring WebFlux. Policies and Redis are asked by threads
 * that may block.
 *
 * @since 0.1.0
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LockWebFluxController extends EndpointErrors {

	private final LockEndpoint endpoint;

	private final LockStreams streams;

	private final ExchangeCallers callers;

	/**
	 * Creates the controller.
	 * @param endpoint what it does
	 * @param streams the live streams
	 * @param lockers who knows the caller, or {@code null} if nobody does
	 */
	public LockWebFluxController(LockEndpoint endpoint, LockStreams streams, @Nullable LockerResolver lockers) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.callers = new ExchangeCallers(lockers);
	}

	@PostMapping("/locks/acquire")
	Mono<LockGrant> acquire(ServerWebExchange exchange, @RequestBody AcquireBody body) {
		return answer(exchange, (caller) -> this.endpoint.acquire(caller, body));
	}

	@PostMapping("/locks/heartbeat")
	Mono<LockBeat> heartbeat(ServerWebExchange exchange, @RequestBody GrantBody body) {
		return answer(exchange, (caller) -> this.endpoint.heartbeat(caller, body));
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> release(ServerWebExchange exchange, @RequestBody GrantBody body) {
		return this.callers.of(exchange).doOnNext((caller) -> this.endpoint.release(caller, body)).then();
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> releaseByBeacon(ServerWebExchange exchange) {
		return exchange.getFormData()
			.flatMap((form) -> this.callers.of(exchange)
				.doOnNext((caller) -> this.endpoint.release(caller, form.getFirst("resource"), form.getFirst("fence"))))
			.then();
	}

	@PostMapping("/locks/takeover")
	Mono<LockGrant> takeOver(ServerWebExchange exchange, @RequestBody TakeoverBody body) {
		return answer(exchange, (caller) -> this.endpoint.takeOver(caller, body));
	}

	@GetMapping("/locks")
	Mono<ResponseEntity<LockState>> state(ServerWebExchange exchange, @RequestParam String resource) {
		return answer(exchange,
				(caller) -> ResponseEntity.ok()
					.cacheControl(CacheControl.noStore())
					.body(this.endpoint.state(caller, resource)));
	}

	@PostMapping("/locks/query")
	Mono<LockStates> states(ServerWebExchange exchange, @RequestBody QueryBody body) {
		return answer(exchange, (caller) -> this.endpoint.states(caller, body));
	}

	@GetMapping("/events")
	Mono<ResponseEntity<Flux<ServerSentEvent<?>>>> events(ServerWebExchange exchange,
			@RequestParam("resource") String[] resource) {
		return answer(exchange,
				(caller) -> this.streams.open(caller, List.of(resource), Schedulers.parallel()::schedule))
			.map((stream) -> ResponseEntity.ok()
				.cacheControl(CacheControl.noStore())
				.contentType(MediaType.TEXT_EVENT_STREAM)
				.header("X-Accel-Buffering", "no")
				.body(flux(stream)));
	}

	private static Flux<ServerSentEvent<?>> flux(LockStream stream) {
		return Flux.create((sink) -> {
			sink.onRequest((more) -> stream.signal());
			sink.onDispose(stream::close);
			stream.writeTo(new SinkOutput(sink));
		});
	}

	private <T> Mono<T> answer(ServerWebExchange exchange, Function<LockCaller, T> answer) {
		return this.callers.of(exchange).map(answer);
	}

}
