package io.locky.core;

import java.time.Duration;

import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.people.HandoverAnswer;
import io.locky.people.HandoverRequest;
import io.locky.people.LockHandovers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the contracts of requests to hand over a lock share.
 */
abstract class HandoverSupport extends LockyContract {

	LockHandovers handovers;

	@BeforeEach
	void useHandovers() {
		this.handovers = this.template.handovers();
	}

	long held(String resource, String locker) {
		assertThat(this.locks.lock(resource, locker)).isTrue();
		return fence(resource);
	}

	HandoverRequest ask(String resource, String locker, String note, @Nullable Duration silence) {
		return this.handovers.ask(resource, locker, note, silence).orElseThrow();
	}

	HandoverRequest answer(String resource, String holder, long fence, HandoverRequest request, HandoverAnswer answer) {
		return this.handovers.answer(resource, holder, fence, request.id(), answer).orElseThrow();
	}

	LockAttempt claim(String resource, String locker, HandoverRequest request) {
		return this.handovers.claim(LockRequest.of(resource).by(locker), request.id());
	}

	String requestsKey(String resource) {
		return this.fixture.keys().partitionOf(resource).handovers(resource);
	}

}
