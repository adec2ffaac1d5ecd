package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.locky.LockAttempt.Acquired;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.event.HandoverEvent;
import io.locky.event.LockAcquiredEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.people.HandoverAnswer.Later;
import io.locky.people.HandoverAnswer.No;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.LockHandovers;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests to hand over a lock while several instances and threads are at work, on any
 * Redis.
 */
abstract class HandoverRaceContract extends HandoverSupport {

	@Test
	void nobodyGetsTheLockInBetween() throws Exception {
		int rounds = redis().isCluster() ? 10 : 40;
		List<LockyTemplate> instances = List.of(this.template, this.fixture.template(TTL), this.fixture.template(TTL));
		AtomicInteger stolen = new AtomicInteger();
		for (int round = 0; round < rounds; round++) {
			String resource = "race " + round;
			long fence = held(resource, "ann");
			HandoverRequest request = ask(resource, "bob", "", null);
			AtomicBoolean over = new AtomicBoolean();
			TestThreads.race(5, (number) -> {
				if (number == 0) {
					LockHandovers instance = instances.get(1).handovers();
					assertThat(instance.answer(resource, "ann", fence, request.id(), new Now())).isPresent();
					over.set(true);
				}
				while (!over.get()) {
					if (instances.get(number % 3).lock(resource, "thief " + number)) {
						stolen.incrementAndGet();
					}
				}
			});
			assertThat(this.locks.getLocker(resource)).isEqualTo("bob");
		}
		assertThat(stolen).hasValue(0);
	}

	@Test
	void eitherTheAnswerOrTheClaimWins() throws Exception {
		int rounds = redis().isCluster() ? 10 : 60;
		LockHandovers other = this.fixture.template(TTL).handovers();
		Map<Boolean, Integer> claimed = new ConcurrentHashMap<>();
		for (int round = 0; round < rounds; round++) {
			String resource = "race " + round;
			long fence = held(resource, "ann");
			HandoverRequest request = ask(resource, "bob", "", Duration.ofMillis(1));
			await().pollInterval(Duration.ofMillis(1))
				.until(() -> Instant.now().isAfter(request.askedAt().plusMillis(3)));
			AtomicBoolean refused = new AtomicBoolean();
			AtomicBoolean taken = new AtomicBoolean();
			boolean answerFirst = round % 2 == 0;
			TestThreads.race(2, (number) -> {
				if ((number == 0) == answerFirst) {
					refused.set(this.handovers.answer(resource, "ann", fence, request.id(), new No("")).isPresent());
				}
				else {
					taken.set(other.claim(LockRequest.of(resource).by("bob"), request.id()) instanceof Acquired);
				}
			});
			assertThat(refused.get()).isNotEqualTo(taken.get());
			assertThat(this.locks.getLocker(resource)).isEqualTo(taken.get() ? "bob" : "ann");
			assertThat(this.handovers.requests(resource)).singleElement()
				.matches((seen) -> taken.get() == (seen.granted() != null) && refused.get() == (seen.answer() != null));
			claimed.merge(taken.get(), 1, Integer::sum);
		}
		assertThat(claimed.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(rounds);
	}

	@Test
	void repeatedClaimsAndAnswersGiveOneGrant() throws Exception {
		LockHandovers other = this.fixture.template(TTL).handovers();
		for (int round = 0; round < 10; round++) {
			String resource = "race " + round;
			long fence = held(resource, "ann");
			HandoverRequest request = ask(resource, "bob", "", null);
			List<Long> grants = Collections.synchronizedList(new ArrayList<>());
			answer(resource, "ann", fence, request, new Later(Duration.ofSeconds(1)));
			TestThreads.race(4, (number) -> {
				if (number % 2 == 0) {
					grants.add(other.answer(resource, "ann", fence, request.id(), new Now()).orElseThrow().granted());
				}
				else {
					await().until(() -> claim(resource, "bob", request) instanceof Acquired acquired
							&& grants.add(acquired.handle().fence()));
				}
			});
			assertThat(grants).hasSize(4).containsOnly(fence(resource));
			assertThat(this.fixture.events(LockAcquiredEvent.class)
				.stream()
				.filter((event) -> event.getResource().equals(resource))).hasSize(2);
			this.locks.unlock(resource, "bob");
		}
	}

	@Test
	void otherInstancesReceiveTheEvents() {
		List<HandoverEvent> received = Collections.synchronizedList(new ArrayList<>());
		instance("follower", (event) -> {
			if (event instanceof HandoverEvent handover) {
				received.add(handover);
			}
		});
		LockyTemplate sender = instance("sender", this.fixture.publisher());
		sender.lock("x", "ann");
		long fence = fence("x");
		HandoverRequest first = sender.handovers().ask("x", "bob", "A \"note\"", null).orElseThrow();
		sender.handovers().withdraw("x", "bob", first.id());
		HandoverRequest second = sender.handovers().ask("x", "bob", "", null).orElseThrow();
		sender.handovers().answer("x", "ann", fence, second.id(), new No("Not \"now\""));
		sender.handovers().answer("x", "ann", fence, second.id(), new Later(Duration.ofMinutes(5)));
		sender.handovers().answer("x", "ann", fence, second.id(), new Now());
		await().until(() -> received.size() >= 6);
		assertThat(received).allMatch((event) -> "sender".equals(event.getOrigin()))
			.usingRecursiveFieldByFieldElementComparatorIgnoringFields("source", "origin", "timestamp")
			.containsExactlyElementsOf(this.fixture.events(HandoverEvent.class));
	}

	private LockyTemplate instance(String name, ApplicationEventPublisher publisher) {
		LockySettings settings = this.fixture.settings().ttl(TTL).broadcast(true).instance(name).build();
		return this.fixture.start(LockyRuntime.keys(redis().connection(), settings), settings, publisher);
	}

}
