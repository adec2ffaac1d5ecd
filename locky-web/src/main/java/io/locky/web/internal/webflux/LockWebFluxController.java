package io.locky.web.internal.webflux;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
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
import io.locky.web.internal.endpoint.LockSessions;
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
import org.springframework.web.server.WebSession;

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

	private final LockSessions sessions;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param streams the live streams
	 * @param lockers returns the locker of a request, or {@code null} if there is none
	 * @param codecs what decodes JSON
	 * @param settings how long a body may be
	 * @param sessions ends what belongs to a session
	 */
	public LockWebFluxController(LockEndpoint endpoint, LockStreams streams, @Nullable LockerResolver lockers,
			ServerCodecConfigurer codecs, EndpointSettings settings, LockSessions sessions) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.lockers = lockers;
		this.bodies = new RequestBodies(codecs, settings);
		this.sessions = sessions;
	}

	@PostMapping("/locks/acquire")
	Mono<ResponseEntity<LockGrant>> acquire(ServerWebExchange exchange) {
		return answer(exchange, AcquireBody.class,
				(call, body) -> granted(call, this.endpoint.acquire(call.caller(), body)));
	}

	@PostMapping("/locks/heartbeat")
	Mono<ResponseEntity<LockLease>> heartbeat(ServerWebExchange exchange) {
		return answer(exchange, GrantBody.class, (call, body) -> {
			LockLease lease = this.endpoint.heartbeat(call.caller(), body);
			call.add(lease.resource(), lease.fence(), this.sessions);
			return EndpointMessages.json(lease);
		});
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> release(ServerWebExchange exchange) {
		return this.bodies.read(exchange, GrantBody.class).flatMap((body) -> release(exchange, body));
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> releaseByBeacon(ServerWebExchange exchange) {
		return exchange.getFormData().map(EndpointMessages::ofForm).flatMap((body) -> release(exchange, body));
	}

	private Mono<Void> release(ServerWebExchange exchange, GrantBody body) {
		return call(exchange).doOnNext((call) -> {
			this.endpoint.release(call.caller(), body);
			call.remove(body);
		}).then();
	}

	@PostMapping("/locks/takeover")
	Mono<ResponseEntity<LockGrant>> takeOver(ServerWebExchange exchange) {
		return answer(exchange, TakeoverBody.class,
				(call, body) -> granted(call, this.endpoint.takeOver(call.caller(), body)));
	}

	private ResponseEntity<LockGrant> granted(SessionCall call, LockGrant grant) {
		call.add(grant.resource(), grant.fence(), this.sessions);
		return EndpointMessages.json(grant);
	}

	@GetMapping("/locks")
	Mono<ResponseEntity<LockState>> state(ServerWebExchange exchange) {
		return call(exchange).map((call) -> EndpointMessages.json(this.endpoint.state(call.caller(), query(exchange))));
	}

	@PostMapping("/locks/query")
	Mono<ResponseEntity<LockStates>> states(ServerWebExchange exchange) {
		return answer(exchange, QueryBody.class,
				(call, body) -> EndpointMessages.json(this.endpoint.states(call.caller(), body)));
	}

	@GetMapping("/events")
	Mono<ResponseEntity<Flux<ServerSentEvent<?>>>> events(ServerWebExchange exchange) {
		return call(exchange).map((call) -> stream(call, FormFields.read(query(exchange)).get("resource")));
	}

	private static @Nullable String query(ServerWebExchange exchange) {
		return exchange.getRequest().getURI().getRawQuery();
	}

	@PostMapping("/events")
	Mono<ResponseEntity<Flux<ServerSentEvent<?>>>> watch(ServerWebExchange exchange) {
		return answer(exchange, WatchBody.class, (call, body) -> stream(call, body.resources()));
	}

	/** The policy is asked in the threads that write, and may block. */
	private ResponseEntity<Flux<ServerSentEvent<?>>> stream(SessionCall call,
			@Nullable List<@Nullable String> resources) {
		LockStream stream = this.streams.open(call.caller(), call.sessionId(), resources,
				Schedulers.boundedElastic()::schedule);
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

	private <B, T> Mono<T> answer(ServerWebExchange exchange, Class<B> type, BiFunction<SessionCall, B, T> answer) {
		return this.bodies.read(exchange, type)
			.flatMap((body) -> call(exchange).map((call) -> answer.apply(call, body)));
	}

	/** The operators that follow run in a thread that may block. */
	private Mono<SessionCall> call(ServerWebExchange exchange) {
		return Mono
			.zip(optional(locker()), optional(exchange.<Principal>getPrincipal()), optional(exchange.getSession()))
			.publishOn(Schedulers.boundedElastic())
			.map((all) -> new SessionCall(LockEndpoint.caller(all.getT1().orElse(null), all.getT2().orElse(null)),
					all.getT3().filter(WebSession::isStarted).orElse(null)));
	}

	private static <T> Mono<Optional<T>> optional(Mono<T> value) {
		return value.map(Optional::of).defaultIfEmpty(Optional.empty());
	}

	private Mono<Object> locker() {
		LockerResolver resolver = this.lockers;
		if (resolver == null) {
			return Mono.empty();
		}
		return (resolver instanceof ReactiveLockerResolver reactive)
				? reactive.resolveReactiveLocker().map((locker) -> locker)
				: Mono.fromCallable(resolver::resolveLocker).subscribeOn(Schedulers.boundedElastic());
	}

}
