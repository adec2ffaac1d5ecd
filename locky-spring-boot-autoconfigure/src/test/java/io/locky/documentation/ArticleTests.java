package io.locky.documentation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.ReactiveLockAttempt;
import io.locky.ReactiveLockyOperations;
import io.locky.ResourceLockedException;
import io.locky.test.InMemoryLocks;
import io.locky.test.LockClock;
import io.locky.test.RecordedLockEvents;
import io.locky.test.autoconfigure.AutoConfigureLocky;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static io.locky.test.LockyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SpringBootTest(properties = "locky.ttl=5m")
@AutoConfigureLocky
class ArticleTests {

	@Autowired
	Articles articles;

	@Autowired
	InMemoryLocks locks;

	@Autowired
	LockClock clock;

	@Autowired
	RecordedLockEvents events;

	@Autowired
	ReactiveLockyOperations reactive;

	@Test
	void publishingNeedsTheLock() {
		this.articles.publish(12, "ann");
		assertThat(this.events).hasAcquired("article:12", "ann").hasReleased("article:12", "ann");
		this.locks.lock("article:12", "bob");
		assertThatExceptionOfType(ResourceLockedException.class).isThrownBy(() -> this.articles.publish(12, "ann"));
	}

	@Test
	void onlyTheHolderSaves() {
		LockHandle ann = assertThat(this.locks.tryLock(LockRequest.of("article:12").by("ann"))).isAcquired();
		this.articles.save(12, "ann", ann.fence(), "By Ann");
		assertThat(this.articles.text(12)).isEqualTo("By Ann");
		assertThatExceptionOfType(ResourceLockedException.class)
			.isThrownBy(() -> this.articles.save(12, "bob", ann.fence(), "By Bob"));
	}

	@Test
	void expiryIsNoticed() {
		this.locks.lock("article:12", "ann");
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(this.locks).hasNoLock("article:12");
		assertThat(this.events).hasExpired("article:12", "ann");
		assertThat(this.articles.abandoned()).contains("ann left article:12");
	}

	@Test
	void takeoverEndsTheGrant() {
		LockHandle ann = assertThat(this.locks.tryLock(LockRequest.of("article:12").by("ann"))).isAcquired();
		this.locks.lock(LockRequest.of("article:12").by("bob").takeOverFrom(ann.fence()));
		assertThat(this.locks).hasLock("article:12").heldBy("bob");
		assertThat(this.events).hasTakenOver("article:12", "bob", "ann");
		assertThat(ann.refresh()).isFalse();
	}

	@Test
	void saveAfterATakeoverIsDenied() {
		LockHandle ann = assertThat(this.locks.tryLock(LockRequest.of("article:12").by("ann"))).isAcquired();
		this.locks.lock(LockRequest.of("article:12").by("bob").force());
		assertThatExceptionOfType(ResourceLockedException.class)
			.isThrownBy(() -> this.articles.save(12, "ann", ann.fence(), "Too late"));
		assertThat(this.articles.text(12)).isNotEqualTo("Too late");
	}

	@Test
	void nextSubscriberGetsTheExpiredLock() {
		assertThat(this.reactive.lock("article:12", "ann").block()).isTrue();
		LockRequest request = LockRequest.of("article:12").by("bob").waitUpTo(Duration.ofMinutes(6));
		CompletableFuture<ReactiveLockAttempt> bob = this.reactive.tryLock(request).toFuture();
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(bob).isCompletedWithValueMatching(ReactiveLockAttempt.Acquired.class::isInstance);
		assertThat(this.locks).hasLock("article:12").heldBy("bob");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Articles.class)
	static class Application {

	}

}
