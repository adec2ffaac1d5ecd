package io.locky.documentation;

import java.time.Duration;
import java.util.Objects;

import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockHandle;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.annotation.Locked;
import org.springframework.stereotype.Service;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Service
class Desk {

	private final ReactiveLockyOperations locks;

	Desk(ReactiveLockyOperations locks) {
		this.locks = locks;
	}

	Mono<String> publish(long article, String user) {
		LockRequest request = LockRequest.of("article:" + article).by(user).ttl(Duration.ofSeconds(30)).autoRenew();
		return Mono.usingWhen(acquire(request), this::print, ReactiveLockHandle::close);
	}

	private Mono<ReactiveLockHandle> acquire(LockRequest request) {
		return this.locks.tryLock(request).map((attempt) -> {
			if (attempt instanceof ReactiveLockAttempt.Acquired acquired) {
				return acquired.handle();
			}
			LockInfo lock = ((ReactiveLockAttempt.Denied) attempt).lock();
			throw new ResourceLockedException(Objects.requireNonNull(lock));
		});
	}

	private Mono<String> print(ReactiveLockHandle lock) {
		return Mono.just(lock.resource() + " published by " + lock.locker());
	}

	Flux<Long> untilLost(Flux<Long> rows, ReactiveLockHandle lock) {
		Mono<Void> lost = Mono.create((sink) -> lock.onLost(sink::success));
		return rows.takeUntilOther(lost);
	}

	@Locked(value = "article:#<article>", locker = "#<user>", ttl = "30s")
	Mono<String> archive(long article, String user) {
		return Mono.just("article:" + article + " archived by " + user);
	}

}
