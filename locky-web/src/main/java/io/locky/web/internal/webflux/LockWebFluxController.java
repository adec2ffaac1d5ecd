package io.locky.web.internal.webflux;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
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
import io.locky.web.internal.endpoint.EndpointMessages.WatchBody;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.FormFields;
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
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
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

	private final RequestBodies bodies;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param streams the live streams
	 * @param lockers returns the locker of a request, or {@code null} if there is none
	 * @param codecs what decodes JSON
	 * @param settings how long a body may be
	 */
	public LockWebFluxController(LockEndpoint endpoint, LockStreams streams, @Nullable LockerResolver lockers,
			ServerCodecConfigurer codecs, EndpointSettings settings) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.lockers = lockers;
		this.bodies = new RequestBodies(codecs, settings);
	}

	@PostMapping("/locks/acquire")
	Mono<ResponseEntity<LockGrant>> acquire(ServerWebExchange exchange) {
		return answer(exchange, AcquireBody.class, this.endpoint::acquire).map(EndpointMessages::json);
	}

	@PostMapping("/locks/heartbeat")
	Mono<ResponseEntity<LockLease>> heartbeat(ServerWebExchange exchange) {
		return answer(exchange, GrantBody.class, this.endpoint::heartbeat).map(EndpointMessages::json);
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> release(ServerWebExchange exchange) {
		return this.bodies.read(exchange, GrantBody.class)
			.flatMap((body) -> caller(exchange).doOnNext((caller) -> this.endpoint.release(caller, body)))
			.then();
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> releaseByBeacon(ServerWebExchange exchange) {
		return exchange.getFormData()
			.flatMap((form) -> caller(exchange)
				.doOnNext((caller) -> this.endpoint.release(caller, EndpointMessages.ofForm(form))))
			.then();
	}

	@PostMapping("/locks/takeover")
	Mono<ResponseEntity<LockGrant>> takeOver(ServerWebExchange exchange) {
		return answer(exchange, TakeoverBody.class, this.endpoint::takeOver).map(EndpointMessages::json);
	}

	@GetMapping("/locks")
	Mono<ResponseEntity<LockState>> state(ServerWebExchange exchange) {
		return answer(exchange, (caller) -> this.endpoint.state(caller, query(exchange))).map(EndpointMessages::json);
	}

	@PostMapping("/locks/query")
	Mono<ResponseEntity<LockStates>> states(ServerWebExchange exchange) {
		return answer(exchange, QueryBody.class, this.endpoint::states).map(EndpointMessages::json);
	}

	@GetMapping("/events")
	Mono<ResponseEntity<Flux<ServerSentEvent<?>>>> events(ServerWebExchange exchange) {
		return answer(exchange, (caller) -> stream(caller, FormFields.read(query(exchange)).get("resource")));
	}

	private static @Nullable String query(ServerWebExchange exchange) {
		return exchange.getRequest().getURI().getRawQuery();
	}

	@PostMapping("/events")
	Mono<ResponseEntity<Flux<ServerSentEvent<?>>>> watch(ServerWebExchange exchange) {
		return answer(exchange, WatchBody.class, (caller, body) -> stream(caller, body.resources()));
	}

	private ResponseEntity<Flux<ServerSentEvent<?>>> stream(LockCaller caller,
			@Nullable List<@Nullable String> resources) {
		LockStream stream = this.streams.open(caller, resources, Schedulers.parallel()::schedule);
		return ResponseEntity.ok()
			.cacheControl(CacheControl.noStore())
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.header("X-Accel-Buffering", "no")
			.body(flux(stream));
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

	private <B, T> Mono<T> answer(ServerWebExchange exchange, Class<B> type, BiFunction<LockCaller, B, T> answer) {
		return this.bodies.read(exchange, type)
			.flatMap((body) -> caller(exchange).map((caller) -> answer.apply(caller, body)));
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
