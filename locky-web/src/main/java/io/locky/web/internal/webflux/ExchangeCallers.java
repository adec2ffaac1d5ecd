package io.locky.web.internal.webflux;

import java.security.Principal;
import java.util.Optional;

import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.LockCallers;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.web.server.ServerWebExchange;

/**
 * Knows who calls. What follows on the answer runs in a thread that may block.
 */
final class ExchangeCallers {

	private final @Nullable LockerResolver lockers;

	ExchangeCallers(@Nullable LockerResolver lockers) {
		this.lockers = lockers;
	}

	Mono<LockCaller> of(ServerWebExchange exchange) {
		Mono<Optional<Principal>> principal = exchange.getPrincipal()
			.map(Optional::of)
			.defaultIfEmpty(Optional.empty());
		return Mono.zip(locker(), principal)
			.publishOn(Schedulers.boundedElastic())
			.map((both) -> LockCallers.of(both.getT1().orElse(null), both.getT2().orElse(null)));
	}

	private Mono<Optional<Object>> locker() {
		LockerResolver known = this.lockers;
		if (known == null) {
			return Mono.just(Optional.empty());
		}
		Mono<?> locker = (known instanceof ReactiveLockerResolver reactive) ? reactive.resolveReactiveLocker()
				: Mono.fromCallable(known::resolveLocker).subscribeOn(Schedulers.boundedElastic());
		return locker.map((value) -> Optional.<Object>of(value)).defaultIfEmpty(Optional.empty());
	}

}
