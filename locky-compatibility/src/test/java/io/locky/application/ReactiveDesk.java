package io.locky.application;

import io.locky.annotation.Locked;
import io.locky.annotation.RequiresLock;
import reactor.core.publisher.Mono;

import org.springframework.security.access.prepost.PreAuthorize;

/**
 * What a reactive application does with locks.
 */
class ReactiveDesk {

	@Locked("article:#<id>")
	Mono<String> edit(long id) {
		return Mono.fromSupplier(() -> "edited " + id);
	}

	@RequiresLock("article:#<id>")
	Mono<String> save(long id) {
		return Mono.fromSupplier(() -> "saved " + id);
	}

	@Locked("article:#<id>")
	@PreAuthorize("hasRole('CHIEF')")
	Mono<String> publish(long id) {
		return Mono.fromSupplier(() -> "published " + id);
	}

}
