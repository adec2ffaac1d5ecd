package io.locky.internal.expiration;

import java.time.Duration;

import io.locky.event.LockExpiredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExpiryDispatcherTests extends ExpiryDispatcherFixture {

	@Test
	void claimOfDeadInstanceIsPublishedByAnother() {
		expire("x");
		assertThat(claimAndDie().claims()).hasSize(1);
		ExpiryDispatcher survivor = dispatcher(this.published::add);
		assertThat(dispatchDue(survivor)).isBetween(Duration.ofMillis(1), ACK_TIMEOUT);
		assertThat(this.published).isEmpty();
		await().until(() -> {
			dispatchDue(survivor);
			return !this.published.isEmpty();
		});
		assertThat(this.published).singleElement().returns("x", LockExpiredEvent::getResource);
		assertThat(dispatchDue(survivor)).isNull();
		assertThat(this.fixture.allKeys()).containsExactly(this.fixture.prefix() + "fence");
	}

	@Test
	void expiriesArePublishedInTheOrderOfTheirDeadlines() {
		expire("b", "a", "c");
		dispatchDue(dispatcher(this.published::add));
		assertThat(this.published).extracting(LockExpiredEvent::getResource).containsExactly("b", "a", "c");
	}

	@Test
	void listenerThatInterruptsItsThreadDoesNotStopOthers() {
		expire("a", "b");
		dispatchDue(dispatcher((event) -> {
			this.published.add(event);
			Thread.currentThread().interrupt();
		}));
		assertThat(this.published).hasSize(2);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void lockWithoutTtlHasNoNextDeadline() {
		this.fixture.template(null).lock("endless", 1);
		assertThat(dispatchDue(dispatcher(this.published::add))).isNull();
	}

	@Test
	void nextDeadlineIsReturned() {
		this.fixture.template(Duration.ofSeconds(47)).lock("x", 1);
		assertThat(dispatchDue(dispatcher(this.published::add))).isBetween(Duration.ofSeconds(40),
				Duration.ofMillis(47_001));
	}

}
