package io.locky.annotation;

import io.locky.LockNames;
import io.locky.LockerResolver;
import io.locky.ReactiveLockerResolver;
import reactor.core.publisher.Mono;

/**
 * Who subscribes, by the {@link LockerResolver} if there is one.
 */
final class ReactiveCurrentLocker {

	private ReactiveCurrentLocker() {
	}

	static Mono<String> of(CurrentLocker current) {
		return Mono.defer(() -> {
			if (current.resolver() instanceof ReactiveLockerResolver reactive) {
				return reactive.resolveReactiveLocker().map(LockNames::locker);
			}
			return Mono.justOrEmpty(current.get());
		});
	}

}
