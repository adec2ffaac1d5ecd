package io.locky.annotation;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.locky.LockLostException;
import io.locky.ResourceLockedException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * What a subscription has got.
 *
 * @param call the locks, or {@code null} if one was denied
 * @param denied why it was denied, or {@code null}
 * @param chain the locks of the call chain, with the new ones
 */
record ReactiveTaken(@Nullable LockedInvocation call, @Nullable ResourceLockedException denied, HeldLocks chain) {

	Context addTo(Context context) {
		return context.put(HeldLocks.class, this.chain);
	}

	Mono<Void> complete(AtomicReference<@Nullable LockLostException> lost) {
		return blocking((locked) -> {
			LockLostException loss = locked.end();
			lost.set(loss);
			if (loss != null) {
				throw loss;
			}
		});
	}

	Mono<Void> fail(Throwable failure) {
		return blocking((locked) -> locked.end(failure));
	}

	Mono<Void> end() {
		return blocking(LockedInvocation::end);
	}

	private Mono<Void> blocking(Consumer<LockedInvocation> action) {
		if (this.call == null) {
			return Mono.empty();
		}
		LockedInvocation locked = this.call;
		return Mono.<Void>fromRunnable(() -> action.accept(locked)).subscribeOn(Schedulers.boundedElastic());
	}

}
