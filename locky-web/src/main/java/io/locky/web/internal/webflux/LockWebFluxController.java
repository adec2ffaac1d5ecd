package io.locky.web.internal.webflux;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.AcquireBody;
import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.LockLease;
import io.locky.web.internal.endpoint.EndpointMessages.LockState;
import io.locky.web.internal.endpoint.EndpointMessages.LockStates;
import io.locky.web.internal.endpoint.EndpointMessages.QueryBody;
import io.locky.web.internal.endpoint.EndpointMessages.TakeoverBody;
import io.locky.web.internal.endpoint.LockEndpoint;
import io.locky.web.internal.endpoint.LockStream;
import io.locky.web.internal.endpoint.LockStreams;
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
 * The HTTP endpoints for locks in Spring WebFlux. Threads that may block call the policy
 * and Redis.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LockWebFluxController extends EndpointErrors {

	private final LockEndpoint endpoint;

	private final LockStreams streams;

	private final @Nullable LockerResolver lockers;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param streams the live streams
	 * @param lockers returns the locker of a request, or {@code null} if there is none
	 */
	public LockWebFluxController(LockEndpoint endpoint, LockStreams streams, @Nullable LockerResolver lockers) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.lockers = lockers;
	}

	@PostMapping("/locks/acquire")
	Mono<LockGrant> acquire(ServerWebExchange exchange, @RequestBody AcquireBody body) {
		return answer(exchange, (caller) -> this.endpoint.acquire(caller, body));
	}

	@PostMapping("/locks/heartbeat")
	Mono<LockLease> heartbeat(ServerWebExchange exchange, @RequestBody GrantBody body) {
		return answer(exchange, (caller) -> this.endpoint.heartbeat(caller, body));
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> release(ServerWebExchange exchange, @RequestBody GrantBody body) {
		return caller(exchange).doOnNext((caller) -> this.endpoint.release(caller, body)).then();
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> releaseByBeacon(ServerWebExchange exchange) {
		return exchange.getFormData()
			.flatMap((form) -> caller(exchange).doOnNext((caller) -> this.endpoint.release(caller,
					EndpointMessages.ofForm(form.getFirst("resource"), form.getFirst("fence")))))
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
		return caller(exchange).map(answer);
	}

	/** The operators that follow run in a thread that may block. */
	private Mono<LockCaller> caller(ServerWebExchange exchange) {
		Mono<Optional<Principal>> principal = exchange.getPrincipal()
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty());
		return Mono.zip(locker(), principal)
			.publishOn(Schedulers.boundedElastic())
			.map((both) -> LockEndpoint.caller(both.getT1().orElse(null), both.getT2().orElse(null)));
	}

	private Mono<Optional<Object>> locker() {
		LockerResolver resolver = this.lockers;
		if (resolver == null) {
			return Mono.just(Optional.empty());
		}
		Mono<?> locker = (resolver instanceof ReactiveLockerResolver reactive) ? reactive.resolveReactiveLocker()
				: Mono.fromCallable(resolver::resolveLocker).subscribeOn(Schedulers.boundedElastic());
		return locker.map((value) -> Optional.<Object>of(value)).defaultIfEmpty(Optional.empty());
	}

}
