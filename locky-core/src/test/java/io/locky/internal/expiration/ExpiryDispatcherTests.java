package io.locky.internal.expiration;

import java.time.Duration;

import io.locky.event.LockExpiredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ExpiryDispatcherTests extends ExpiryDispatcherFixture {

	@Test
	void claimOfAnInstanceThatDiedComesBack() {
		expire("x");
		assertThat(drainAndDie().claims()).hasSize(1);
		ExpiryDispatcher survivor = teller(this.told::add);
		assertThat(tellDue(survivor)).isBetween(Duration.ofMillis(1), ACK_TIMEOUT);
		assertThat(this.told).isEmpty();
		await().until(() -> {
			tellDue(survivor);
			return !this.told.isEmpty();
		});
		assertThat(this.told).singleElement().returns("x", LockExpiredEvent::getResource);
		assertThat(tellDue(survivor)).isNull();
		assertThat(this.fixture.allKeys()).containsExactly(this.fixture.prefix() + "fence");
	}

	@Test
	void expiriesAreToldInTheOrderOfTheirDeadlines() {
		expire("b", "a", "c");
		tellDue(teller(this.told::add));
		assertThat(this.told).extracting(LockExpiredEvent::getResource).containsExactly("b", "a", "c");
	}

	@Test
	void listenerThatInterruptsItsThreadKeepsNobodyFromHearing() {
		expire("a", "b");
		tellDue(teller((event) -> {
			this.told.add(event);
			Thread.currentThread().interrupt();
		}));
		assertThat(this.told).hasSize(2);
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void emptyIndexHasNoNextDeadline() {
		this.fixture.template(null).lock("endless", 1);
		assertThat(tellDue(teller(this.told::add))).isNull();
	}

	@Test
	void nextDeadlineIsTold() {
		this.fixture.template(Duration.ofSeconds(47)).lock("x", 1);
		assertThat(tellDue(teller(this.told::add))).isBetween(Duration.ofSeconds(40), Duration.ofMillis(47_001));
	}

}
