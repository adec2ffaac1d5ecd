package io.locky.web.internal.webflux;

import java.util.List;

import io.locky.web.internal.endpoint.EndpointErrors;
import io.locky.web.internal.endpoint.EndpointMessages;
import io.locky.web.internal.endpoint.EndpointMessages.AcquireBody;
import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointMessages.HeartbeatBody;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.LockLease;
import io.locky.web.internal.endpoint.EndpointMessages.LockState;
import io.locky.web.internal.endpoint.EndpointMessages.LockStates;
import io.locky.web.internal.endpoint.EndpointMessages.QueryBody;
import io.locky.web.internal.endpoint.EndpointMessages.TakeoverBody;
import io.locky.web.internal.endpoint.EndpointMessages.WatchBody;
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
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/**
 * The HTTP endpoints for locks in Spring WebFlux. The policy is called in threads that
 * may block. No thread waits for Redis, unless there are no reactive operations.
 */
@RestController
@RequestMapping("${locky.web.path:/locky}")
public class LockWebFluxController extends EndpointErrors {

	private final LockEndpoint endpoint;

	private final LockStreams streams;

	private final WebFluxCalls calls;

	private final LockSessions sessions;

	/**
	 * Creates the controller.
	 * @param endpoint the operations
	 * @param streams the live streams
	 * @param calls reads requests
	 * @param sessions ends what belongs to a session
	 */
	public LockWebFluxController(LockEndpoint endpoint, LockStreams streams, WebFluxCalls calls,
			LockSessions sessions) {
		this.endpoint = endpoint;
		this.streams = streams;
		this.calls = calls;
		this.sessions = sessions;
	}

	@PostMapping("/locks/acquire")
	Mono<ResponseEntity<LockGrant>> acquire(ServerWebExchange exchange) {
		return this.calls.answerLater(exchange, AcquireBody.class,
				(call, body) -> this.endpoint.acquire(call.caller(), body).thenApply((grant) -> granted(call, grant)));
	}

	@PostMapping("/locks/heartbeat")
	Mono<ResponseEntity<Object>> heartbeat(ServerWebExchange exchange) {
		return this.calls.answerLater(exchange, HeartbeatBody.class, (call,
				body) -> this.endpoint.heartbeat(call.caller(), body).thenApply((lease) -> extended(call, lease)));
	}

	private ResponseEntity<Object> extended(SessionCall call, LockLease lease) {
		call.add(lease.resource(), lease.fence(), this.sessions);
		return EndpointMessages.json(this.endpoint.answer(call.caller(), lease));
	}

	@PostMapping("/locks/release")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> release(ServerWebExchange exchange) {
		return this.calls.body(exchange, GrantBody.class).flatMap((body) -> release(exchange, body));
	}

	@PostMapping(path = "/locks/release", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	Mono<Void> releaseByBeacon(ServerWebExchange exchange) {
		return exchange.getFormData().map(EndpointMessages::ofForm).flatMap((body) -> release(exchange, body));
	}

	private Mono<Void> release(ServerWebExchange exchange, GrantBody body) {
		return this.calls.of(exchange)
			.flatMap((call) -> Mono.fromCompletionStage(this.endpoint.release(call.caller(), body))
				.doOnNext((held) -> call.remove(body)))
			.then();
	}

	@PostMapping("/locks/takeover")
	Mono<ResponseEntity<LockGrant>> takeOver(ServerWebExchange exchange) {
		return this.calls.answerLater(exchange, TakeoverBody.class,
				(call, body) -> this.endpoint.takeOver(call.caller(), body).thenApply((grant) -> granted(call, grant)));
	}

	private ResponseEntity<LockGrant> granted(SessionCall call, LockGrant grant) {
		call.add(grant.resource(), grant.fence(), this.sessions);
		return EndpointMessages.json(grant);
	}

	@GetMapping("/locks")
	Mono<ResponseEntity<LockState>> state(ServerWebExchange exchange) {
		return this.calls.of(exchange)
			.flatMap((call) -> Mono
				.fromCompletionStage(this.endpoint.state(call.caller(), WebFluxCalls.query(exchange))))
			.map(EndpointMessages::json);
	}

	@PostMapping("/locks/query")
	Mono<ResponseEntity<LockStates>> states(ServerWebExchange exchange) {
		return this.calls
			.answerLater(exchange, QueryBody.class, (call, body) -> this.endpoint.states(call.caller(), body))
			.map(EndpointMessages::json);
	}

	@GetMapping("/events")
	Mono<ResponseEntity<Flux<ServerSentEvent<?>>>> events(ServerWebExchange exchange) {
		return this.calls.of(exchange)
			.map((call) -> stream(call, FormFields.read(WebFluxCalls.query(exchange)).get("resource")));
	}

	@PostMapping("/events")
	Mono<ResponseEntity<Flux<ServerSentEvent<?>>>> watch(ServerWebExchange exchange) {
		return this.calls.answer(exchange, WatchBody.class, (call, body) -> stream(call, body.resources()));
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

}
