package io.locky.internal.broadcast;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.testing.LockyInstance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEvent;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

class LockyEventFollowerTests {

	private final String prefix = "test-" + UUID.randomUUID() + ":";

	private final LockyInstance ann = instance("ann");

	private final LockyInstance bob = instance("bob");

	@AfterEach
	void closeInstances() {
		StringRedisTemplate redis = this.ann.bean(StringRedisTemplate.class);
		redis.delete(redis.keys(this.prefix + "*"));
		this.bob.close();
		this.ann.close();
	}

	@Test
	void everyInstancePublishesEachEventOnceInOrder() {
		this.ann.locks().lock("a%b%0Ac", 20);
		this.ann.locks().lock(LockRequest.of("a%b%0Ac").by("chief").force().ttl(Duration.ofMillis(500)));
		await().until(() -> this.ann.events().size() + this.bob.events().size() == 6);
		await().until(() -> this.bob.locks().lock("a%b%0Ac", 30));
		this.bob.locks().unlock("a%b%0Ac");
		await().until(() -> this.ann.events().size() == 5 && this.bob.events().size() == 5);
		for (LockyInstance instance : List.of(this.ann, this.bob)) {
			assertThat(instance.events()).extracting(ApplicationEvent::getClass, LockyEvent::getLocker)
				.containsExactly(tuple(LockAcquiredEvent.class, "20"), tuple(LockTakenOverEvent.class, "chief"),
						tuple(LockExpiredEvent.class, "chief"), tuple(LockAcquiredEvent.class, "30"),
						tuple(LockReleasedEvent.class, "30"));
			assertThat(instance.events()).allMatch((event) -> "a%b%0Ac".equals(event.getResource()));
			assertThat(instance.missed()).isZero();
		}
		for (int i = 0; i < 5; i++) {
			LockyEvent here = this.ann.events().get(i);
			LockyEvent there = this.bob.events().get(i);
			assertThat(here.isRemote()).isNotEqualTo(there.isRemote());
			assertThat(here.getFence()).isEqualTo(there.getFence());
			assertThat(here.getOccurredAt()).isEqualTo(there.getOccurredAt());
		}
		assertThat(this.ann.events()).extracting(LockyEvent::getOrigin)
			.containsSubsequence(null, null, "bob", "bob")
			.doesNotContain("ann");
		assertThat(((LockTakenOverEvent) this.bob.events().get(1)).getPreviousLocker()).isEqualTo("20");
	}

	@Test
	void lockerOfOtherClientMayHaveAnyCharacter() {
		StringRedisTemplate redis = this.ann.bean(StringRedisTemplate.class);
		String locker = "first\nsecond %0A \"third\" \\ [\"4\",\t\u0001\uD83D\uDD12]";
		redis.opsForValue().set(this.prefix + "lock:x", locker);
		this.ann.locks().lock(LockRequest.of("x").by(20).force());
		await().until(() -> this.bob.events().size() == 1);
		assertThat(this.bob.events().get(0)).isInstanceOfSatisfying(LockTakenOverEvent.class,
				(event) -> assertThat(event.getPreviousLocker()).isEqualTo(locker));
	}

	@Test
	void takeoverElsewhereInvalidatesHandleAtOnce() {
		LockRequest request = LockRequest.of("x").by(20).ttl(Duration.ofMinutes(5)).autoRenew();
		LockHandle handle = ((LockAttempt.Acquired) this.ann.locks().tryLock(request)).handle();
		this.bob.locks().lock(LockRequest.of("x").by(30).force());
		await().until(() -> !handle.isValid());
	}

	@Test
	void lostEventsAreReportedAsMissed() {
		this.ann.locks().lock("x", 20);
		await().until(() -> this.bob.events().size() == 1);
		this.bob.locks().stop();
		this.bob.locks().start();
		this.ann.locks().unlock("x");
		await().until(() -> this.bob.events().size() == 2);
		StringRedisTemplate redis = this.ann.bean(StringRedisTemplate.class);
		redis.delete(this.prefix + "events");
		await().until(() -> this.bob.missed() == 1 && this.ann.missed() == 1);
		this.ann.locks().lock("y", 20);
		await().until(() -> this.bob.events().size() == 3);
		await().during(Duration.ofMillis(2500)).until(() -> this.bob.missed() == 1 && this.ann.missed() == 1);
	}

	private LockyInstance instance(String name) {
		return LockyInstance.start("locky.prefix=" + this.prefix, "locky.events.broadcast=true",
				"locky.events.instance=" + name);
	}

}
