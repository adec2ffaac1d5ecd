package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.locky.InvalidLockValueException;
import io.locky.LockAttempt.Acquired;
import io.locky.LockAttempt.Denied;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.event.HandoverAnsweredEvent;
import io.locky.event.HandoverAnsweredEvent.Decision;
import io.locky.event.HandoverEvent;
import io.locky.event.HandoverRequestedEvent;
import io.locky.event.HandoverWithdrawnEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.people.HandoverAnswer;
import io.locky.people.HandoverAnswer.Later;
import io.locky.people.HandoverAnswer.No;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.HandoversFullException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Requests to hand over a lock, on any Redis.
 */
abstract class HandoverContract extends HandoverSupport {

	private static final Duration SILENCE = Duration.ofMillis(150);

	@Test
	void holderIsAsked() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "A \"typo\" in\\line 1", Duration.ofMinutes(1));
		assertThat(request).returns("x", HandoverRequest::resource)
			.returns("bob", HandoverRequest::locker)
			.returns("A \"typo\" in\\line 1", HandoverRequest::note)
			.returns(fence, HandoverRequest::fence)
			.returns(null, HandoverRequest::answer)
			.returns(request.askedAt().plusSeconds(60), HandoverRequest::claimableAt)
			.returns(null, HandoverRequest::granted);
		assertThat(this.handovers.requests("x")).containsExactly(request);
		assertThat(this.fixture.events(HandoverRequestedEvent.class)).singleElement()
			.returns("ann", HandoverRequestedEvent::getLocker)
			.returns(fence, HandoverRequestedEvent::getFence)
			.returns("bob", HandoverRequestedEvent::getAsker)
			.returns(request.id(), HandoverRequestedEvent::getRequest)
			.returns(request.note(), HandoverRequestedEvent::getNote)
			.returns(request.askedAt(), HandoverRequestedEvent::getOccurredAt);
	}

	@Test
	void askedAgainTheRequestStaysWithTheNewNote() {
		held("x", "ann");
		HandoverRequest first = ask("x", "bob", "", null);
		HandoverRequest other = ask("x", "eve", "", null);
		HandoverRequest again = ask("x", "bob", "Urgent", SILENCE);
		assertThat(ask("x", "bob", "Urgent", null)).isEqualTo(again);
		assertThat(again).returns(first.id(), HandoverRequest::id)
			.returns(first.askedAt(), HandoverRequest::askedAt)
			.returns("Urgent", HandoverRequest::note)
			.returns(null, HandoverRequest::claimableAt);
		assertThat(this.handovers.requests("x")).containsExactlyInAnyOrder(again, other);
		assertThat(this.fixture.events(HandoverRequestedEvent.class)).extracting(HandoverRequestedEvent::getNote)
			.containsExactly(null, null, "Urgent");
	}

	@Test
	void nobodyIsAskedForAFreeOrOwnLock() {
		assertThat(this.handovers.ask("x", "bob", "", null)).isEmpty();
		assertThat(this.fixture.allKeys()).isEmpty();
		held("x", "bob");
		assertThat(this.handovers.ask("x", "bob", "", null)).isEmpty();
		assertThat(this.fixture.redis().hasKey(requestsKey("x"))).isFalse();
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("foreign"), "ann");
		assertThat(this.handovers.ask("foreign", "bob", "", null)).isEmpty();
		assertThat(this.handovers.requests("foreign")).isEmpty();
	}

	@Test
	void nowHandsTheLockOver() {
		LockRequest hold = LockRequest.of("x").by("ann").ttl(Duration.ofSeconds(20)).maxHold(Duration.ofMinutes(1));
		long fence = acquire(hold).fence();
		HandoverRequest request = ask("x", "bob", "Please", null);
		HandoverRequest answered = answer("x", "ann", fence, request, new Now());
		LockInfo now = this.locks.find("x").orElseThrow();
		assertThat(now).returns("bob", LockInfo::locker).returns(answered.granted(), LockInfo::fence);
		assertThat(now.expiresIn()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
		assertThat((String) record("x")).contains(",20000,").matches(".*,\\d{13}]$");
		assertThat(answered).returns(request.id(), HandoverRequest::id).returns(new Now(), HandoverRequest::answer);
		assertThat(this.locks.unlock("x", "ann", fence)).isFalse();
		assertThat(this.handovers.requests("x")).containsExactly(answered);
		assertThat(this.fixture.events(LockTakenOverEvent.class)).singleElement()
			.returns("ann", LockTakenOverEvent::getPreviousLocker)
			.returns("bob", LockTakenOverEvent::getLocker)
			.returns(answered.granted(), LockTakenOverEvent::getFence);
		assertThat(this.fixture.events(HandoverAnsweredEvent.class)).singleElement()
			.returns(Decision.NOW, HandoverAnsweredEvent::getDecision)
			.returns("ann", HandoverAnsweredEvent::getLocker)
			.returns("bob", HandoverAnsweredEvent::getAsker);
	}

	@Test
	void nowAgainChangesNothing() throws InterruptedException {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "", null);
		HandoverRequest answered = answer("x", "ann", fence, request, new Now());
		Double deadline = deadline("x");
		TimeUnit.MILLISECONDS.sleep(2);
		assertThat(this.handovers.answer("x", "ann", fence, request.id(), new Now())).contains(answered);
		assertThat(deadline("x")).isEqualTo(deadline);
		assertThat(this.handovers.answer("x", "ann", fence, request.id(), new No(""))).isEmpty();
		assertThat(this.fixture.events(HandoverAnsweredEvent.class)).hasSize(1);
		assertThat(claim("x", "bob", request)).isInstanceOf(Acquired.class);
		assertThat(fence("x")).isEqualTo(answered.granted());
		assertThat(this.handovers.withdraw("x", "bob", request.id())).isFalse();
	}

	@Test
	void laterAllowsTheClaimThen() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "", SILENCE);
		HandoverRequest answered = answer("x", "ann", fence, request, new Later(Duration.ofSeconds(1)));
		assertThat(answered.answer()).isEqualTo(new Later(Duration.ofSeconds(1)));
		Instant from = answered.claimableAt();
		assertThat(from).isAfter(request.askedAt().plusMillis(999));
		await().until(() -> claim("x", "bob", request) instanceof Acquired);
		assertThat(this.fixture.events(LockTakenOverEvent.class).get(0).getOccurredAt()).isAfterOrEqualTo(from);
		assertThat(this.fixture.events(HandoverAnsweredEvent.class)).singleElement()
			.returns(Decision.LATER, HandoverAnsweredEvent::getDecision)
			.returns(from, HandoverAnsweredEvent::getClaimableAt);
	}

	@Test
	void laterAnswerReplacesAnEarlierOne() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "", null);
		answer("x", "ann", fence, request, new Later(Duration.ofDays(1)));
		assertThat(this.fixture.redis().getExpire(requestsKey("x"))).isBetween(86_400L, 90_000L);
		HandoverRequest refused = answer("x", "ann", fence, request, new No("I am not done"));
		assertThat(refused.answer()).isEqualTo(new No("I am not done"));
		assertThat(refused.claimableAt()).isNull();
		assertThat(claim("x", "bob", request)).isInstanceOfSatisfying(Denied.class,
				(denied) -> assertThat(denied.lock()).returns("ann", LockInfo::locker).returns(fence, LockInfo::fence));
		assertThat(this.fixture.events(HandoverAnsweredEvent.class)).extracting(HandoverAnsweredEvent::getReason)
			.containsExactly(null, "I am not done");
		assertThat(answer("x", "ann", fence, request, new Now()).granted()).isEqualTo(fence("x"));
	}

	@Test
	void silenceAllowsTheClaim() {
		held("x", "ann");
		HandoverRequest silent = ask("x", "eve", "", null);
		HandoverRequest request = ask("x", "bob", "", SILENCE);
		assertThat(claim("x", "bob", request)).isInstanceOf(Denied.class);
		await().until(() -> claim("x", "bob", request) instanceof Acquired);
		assertThat(this.fixture.events(LockTakenOverEvent.class).get(0).getOccurredAt())
			.isAfterOrEqualTo(request.askedAt().plus(SILENCE));
		assertThat(claim("x", "eve", silent)).isInstanceOf(Denied.class);
		assertThat(this.handovers.requests("x")).singleElement()
			.returns(fence("x"), HandoverRequest::granted)
			.returns(null, HandoverRequest::answer);
	}

	@Test
	void answerAfterTheClaimIsRefused() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "", Duration.ofMillis(1));
		await().until(() -> claim("x", "bob", request) instanceof Acquired);
		for (HandoverAnswer answer : List.of(new Now(), new Later(Duration.ofSeconds(1)), new No(""))) {
			assertThat(this.handovers.answer("x", "ann", fence, request.id(), answer)).isEmpty();
		}
		assertThat(this.fixture.events(HandoverAnsweredEvent.class)).isEmpty();
	}

	@Test
	void onlyTheHolderAnswers() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "", null);
		assertThat(this.handovers.answer("x", "bob", fence, request.id(), new Now())).isEmpty();
		assertThat(this.handovers.answer("x", "ann", fence + 1, request.id(), new Now())).isEmpty();
		assertThat(this.handovers.answer("x", "ann", fence, "unknown", new Now())).isEmpty();
		assertThat(claim("x", "eve", request)).isInstanceOf(Denied.class);
		assertThat(this.handovers.withdraw("x", "eve", request.id())).isFalse();
		assertThat(this.locks.getLocker("x")).isEqualTo("ann");
		assertThat(this.handovers.requests("x")).containsExactly(request);
	}

	@Test
	void requestEndsWithTheGrant() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "", Duration.ofMillis(1));
		this.locks.unlock("x", "ann");
		assertThat(claim("x", "bob", request)).isEqualTo(new Denied(null));
		held("x", "ann");
		assertThat(claim("x", "bob", request)).isInstanceOf(Denied.class);
		assertThat(this.handovers.answer("x", "ann", fence, request.id(), new Now())).isEmpty();
		assertThat(this.handovers.answer("x", "ann", fence("x"), request.id(), new Now())).isEmpty();
		assertThat(this.handovers.requests("x")).isEmpty();
		assertThat(this.fixture.redis().hasKey(requestsKey("x"))).isFalse();
	}

	@Test
	void requestsOfOthersEndWhenTheLockIsHandedOver() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "", null);
		HandoverRequest other = ask("x", "eve", "", Duration.ofMillis(1));
		HandoverRequest answered = answer("x", "ann", fence, request, new Now());
		assertThat(claim("x", "eve", other)).isInstanceOf(Denied.class);
		assertThat(this.handovers.requests("x")).containsExactly(answered);
		this.locks.unlock("x", "bob");
		assertThat(this.handovers.requests("x")).isEmpty();
	}

	@Test
	void requestIsWithdrawn() {
		long fence = held("x", "ann");
		HandoverRequest request = ask("x", "bob", "Please", null);
		assertThat(this.handovers.withdraw("x", "bob", request.id())).isTrue();
		assertThat(this.handovers.withdraw("x", "bob", request.id())).isFalse();
		assertThat(this.handovers.answer("x", "ann", fence, request.id(), new Now())).isEmpty();
		assertThat(this.fixture.redis().hasKey(requestsKey("x"))).isFalse();
		assertThat(this.fixture.events(HandoverWithdrawnEvent.class)).singleElement()
			.returns("ann", HandoverEvent::getLocker)
			.returns(request.id(), HandoverEvent::getRequest)
			.returns("Please", HandoverEvent::getNote);
		assertThat(ask("x", "bob", "", null).id()).isNotEqualTo(request.id());
	}

	@Test
	void onlySoManyAsk() {
		held("x", "ann");
		for (int i = 1; i <= 32; i++) {
			ask("x", "asker " + i, "x".repeat(256), null);
		}
		assertThatExceptionOfType(HandoversFullException.class)
			.isThrownBy(() -> this.handovers.ask("x", "bob", "", null));
		assertThat(ask("x", "asker 7", "", null).note()).isNull();
		assertThat(this.handovers.requests("x")).hasSize(32)
			.isSortedAccordingTo((one, other) -> one.askedAt().compareTo(other.askedAt()));
		long fence = fence("x");
		for (HandoverRequest request : this.handovers.requests("x")) {
			answer("x", "ann", fence, request, new No("y".repeat(256)));
		}
		assertThat(this.handovers.requests("x")).hasSize(32);
	}

	@Test
	void invalidValuesAreRefused() {
		held("x", "ann");
		for (Runnable call : List.<Runnable>of(() -> this.handovers.ask(" ", "bob", "", null),
				() -> this.handovers.ask("x", "", "", null),
				() -> this.handovers.ask("x", "bob", "x".repeat(257), null),
				() -> this.handovers.ask("x", "bob", "\n", null),
				() -> this.handovers.ask("x", "bob", "", Duration.ofHours(25)),
				() -> this.handovers.ask("x", "bob", "", Duration.ZERO),
				() -> this.handovers.answer("x", "ann", 1, "id", new Later(Duration.ofMillis(999))),
				() -> this.handovers.answer("x", "ann", 1, "id", new No("x".repeat(257))))) {
			assertThatExceptionOfType(InvalidLockValueException.class).isThrownBy(call::run);
		}
		assertThat(this.handovers.requests("x")).isEmpty();
	}

}
