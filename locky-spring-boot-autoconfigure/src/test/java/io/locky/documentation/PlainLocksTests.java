package io.locky.documentation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.test.InMemoryLocks;
import io.locky.test.LockClock;
import io.locky.test.RecordedLockEvents;
import org.junit.jupiter.api.Test;

import static io.locky.test.LockyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

class PlainLocksTests {

	LockClock clock = LockClock.atRealTime();

	RecordedLockEvents events = new RecordedLockEvents();

	InMemoryLocks locks = new InMemoryLocks(Duration.ofMinutes(5), this.clock, this.events::record);

	@Test
	void renewedLockOutlivesItsLease() {
		LockHandle ann = assertThat(this.locks.tryLock(LockRequest.of("article:12").by("ann").autoRenew()))
			.isAcquired();
		this.clock.advance(Duration.ofHours(1));
		assertThat(ann.isValid()).isTrue();
	}

	@Test
	void nextThatWaitsGetsTheExpiredLock() {
		this.locks.lock("article:12", "ann");
		LockRequest request = LockRequest.of("article:12").by("bob").waitUpTo(Duration.ofMinutes(6));
		CompletableFuture<LockAttempt> bob = this.locks.tryLockAsync(request);
		CompletableFuture<LockAttempt> late = this.locks.tryLockAsync(request);
		this.clock.advance(Duration.ofMinutes(6));
		assertThat(bob.join()).isAcquired();
		assertThat(late.join()).isDeniedBy("bob");
	}

}
