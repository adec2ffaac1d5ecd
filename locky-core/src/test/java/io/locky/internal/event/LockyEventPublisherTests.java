package io.locky.internal.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.metrics.LockyMetrics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LockyEventPublisherTests {

	private final LockReleasedEvent event = new LockReleasedEvent(this, "x", "ann", 7, Instant.now());

	private final List<Object> published = new ArrayList<>();

	private final TransactionTemplate transaction = new TransactionTemplate(
			new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:events")));

	@Test
	void eventReachesTheApplicationAlthoughLockyFails() {
		new LockyEventPublisher(this.published::add, (lockEvent) -> {
			throw new OutOfMemoryError("unable to create native thread");
		}, null, LockyMetrics.NONE).publish(this.event);
		assertThat(this.published).containsExactly(this.event);
	}

	@Test
	void failureOfAListenerIsNotThrown() {
		new LockyEventPublisher((published) -> {
			throw new IllegalStateException("A listener that fails on purpose");
		}, this.published::add, null, LockyMetrics.NONE).publish(this.event);
		assertThat(this.published).containsExactly(this.event);
	}

	@Test
	void onlyOwnExpiriesHaveATransaction() {
		LockyEventPublisher publisher = new LockyEventPublisher(this::publishAndNameTransaction, (lockEvent) -> {
		}, this.transaction, LockyMetrics.NONE);
		assertThat(publisher.publish(expired(null))).isTrue();
		assertThat(publisher.publish(expired("other"))).isTrue();
		assertThat(publisher.publish(this.event)).isTrue();
		assertThat(this.published).containsExactly("in a transaction", "without", "without");
	}

	private void publishAndNameTransaction(Object published) {
		this.published
			.add(TransactionSynchronizationManager.isActualTransactionActive() ? "in a transaction" : "without");
	}

	@Test
	void rolledBackExpiryMustBePublishedAgain() {
		LockyEventPublisher publisher = new LockyEventPublisher((published) -> {
			throw new IllegalStateException("A listener that fails on purpose");
		}, this.published::add, this.transaction, LockyMetrics.NONE);
		assertThat(publisher.publish(expired(null))).isFalse();
		assertThat(publisher.publish(this.event)).isTrue();
	}

	@Test
	void expiryMustBePublishedAgainIfNoTransactionBegins() {
		TransactionOperations broken = new TransactionTemplate(
				new DataSourceTransactionManager(new DriverManagerDataSource("jdbc:none")));
		LockyEventPublisher publisher = new LockyEventPublisher(this.published::add, (lockEvent) -> {
		}, broken, LockyMetrics.NONE);
		assertThat(publisher.publish(expired(null))).isFalse();
		assertThat(this.published).isEmpty();
	}

	@Test
	void rollbackOnlyTransactionIsNotCommitted() {
		LockyEventPublisher publisher = new LockyEventPublisher(
				(published) -> assertThatIllegalStateException().isThrownBy(() -> this.transaction.execute((status) -> {
					throw new IllegalStateException("A service that fails, inside a listener that does not");
				})), (lockEvent) -> {
				}, this.transaction, LockyMetrics.NONE);
		assertThat(publisher.publish(expired(null))).isFalse();
	}

	private LockExpiredEvent expired(@Nullable String origin) {
		return new LockExpiredEvent(this, "x", "ann", 7, Instant.now(), origin);
	}

}
