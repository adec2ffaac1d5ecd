package io.locky.internal.people;

import java.time.Duration;
import java.util.Optional;

import io.locky.LockAttempt.Acquired;
import io.locky.LockAttempt.Denied;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.event.LockTakenOverEvent;
import io.locky.internal.event.LockyEventPublisher;
import io.locky.people.HandoverAnswer.No;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.LockHandovers;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * An instance that ends between the two steps of a hand-over.
 */
class HandoverCrashTests {

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final LockyTemplate locks = this.fixture.template(Duration.ofSeconds(30));

	private final LockHandovers handovers = this.locks.handovers();

	private final LockHandovers dying = new RedisLockHandovers(this.fixture.scripts(), this.fixture.keys(),
			new LockyEventPublisher(this.fixture.publisher()), (request) -> {
				throw new IllegalStateException("It dies");
			});

	private long fence;

	@BeforeEach
	void lock() {
		this.locks.lock("x", "ann");
		this.fence = this.locks.find("x").orElseThrow().fence();
	}

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	private HandoverRequest diedAtNow() {
		HandoverRequest request = this.handovers.ask("x", "bob", "", null).orElseThrow();
		assertThatIllegalStateException()
			.isThrownBy(() -> this.dying.answer("x", "ann", this.fence, request.id(), new Now()));
		assertThat(this.locks.getLocker("x")).isEqualTo("ann");
		return request;
	}

	@Test
	void holderAnswersNowAgain() {
		HandoverRequest request = diedAtNow();
		assertThat(this.handovers.answer("x", "ann", this.fence, request.id(), new No(""))).isEmpty();
		Optional<HandoverRequest> answered = this.handovers.answer("x", "ann", this.fence, request.id(), new Now());
		assertThat(answered).map(HandoverRequest::granted).contains(this.locks.find("x").orElseThrow().fence());
		assertThat(this.locks.getLocker("x")).isEqualTo("bob");
	}

	@Test
	void askerClaimsWhatItWasPromised() {
		HandoverRequest request = diedAtNow();
		assertThat(this.handovers.requests("x")).singleElement().returns(new Now(), HandoverRequest::answer);
		assertThat(this.handovers.claim(LockRequest.of("x").by("bob"), request.id())).isInstanceOf(Acquired.class);
		assertThat(this.fixture.events(LockTakenOverEvent.class)).hasSize(1);
	}

	@Test
	void holderWhoReleasesEndsIt() {
		HandoverRequest request = diedAtNow();
		assertThat(this.locks.unlock("x", "ann", this.fence)).isTrue();
		assertThat(this.handovers.answer("x", "ann", this.fence, request.id(), new Now())).isEmpty();
		assertThat(this.handovers.claim(LockRequest.of("x").by("bob"), request.id())).isEqualTo(new Denied(null));
		assertThat(this.locks.lock("x", "eve")).isTrue();
	}

	@Test
	void askerClaimsAgain() {
		HandoverRequest request = this.handovers.ask("x", "bob", "", Duration.ofMillis(1)).orElseThrow();
		await().until(() -> {
			try {
				return !(this.dying.claim(LockRequest.of("x").by("bob"), request.id()) instanceof Denied);
			}
			catch (IllegalStateException ex) {
				return true;
			}
		});
		assertThat(this.handovers.answer("x", "ann", this.fence, request.id(), new No(""))).isEmpty();
		assertThat(this.locks.getLocker("x")).isEqualTo("ann");
		assertThat(this.handovers.claim(LockRequest.of("x").by("bob"), request.id())).isInstanceOf(Acquired.class);
	}

}
