package io.locky.web.internal.webflux;

import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import io.locky.web.internal.endpoint.EndpointSettings;
import io.locky.web.internal.endpoint.LockEndpoint;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebSession;

/**
 * The calls of requests to Spring WebFlux: who calls, and with which body.
 */
public final class WebFluxCalls {

	private final @Nullable LockerResolver lockers;

	private final RequestBodies bodies;

	/**
	 * Creates the calls.
	 * @param lockers returns the locker of a request, or {@code null} if there is none
	 * @param codecs what decodes JSON
	 * @param settings how long a body may be
	 */
	public WebFluxCalls(@Nullable LockerResolver lockers, ServerCodecConfigurer codecs, EndpointSettings settings) {
		this.lockers = lockers;
		this.bodies = new RequestBodies(codecs, settings);
	}

	static @Nullable String query(ServerWebExchange exchange) {
		return exchange.getRequest().getURI().getRawQuery();
	}

	<B> Mono<B> body(ServerWebExchange exchange, Class<B> type) {
		return this.bodies.read(exchange, type);
	}

	<B, T> Mono<T> answer(ServerWebExchange exchange, Class<B> type, BiFunction<SessionCall, B, T> answer) {
		return this.bodies.read(exchange, type).flatMap((body) -> of(exchange).map((call) -> answer.apply(call, body)));
	}

	/** The answer comes later, in a thread that may block; until then none is kept. */
	<B, T> Mono<T> answerLater(ServerWebExchange exchange, Class<B> type,
			BiFunction<SessionCall, B, CompletionStage<T>> answer) {
		return answer(exchange, type, answer).flatMap(Mono::fromCompletionStage);
	}

	/** The operators that follow run in a thread that may block. */
	Mono<SessionCall> of(ServerWebExchange exchange) {
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
