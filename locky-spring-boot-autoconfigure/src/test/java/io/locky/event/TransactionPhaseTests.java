package io.locky.event;

import java.time.Duration;
import java.util.List;

import io.locky.LockRequest;
import io.locky.annotation.Locked;
import io.locky.event.ListeningApplication.Call;
import io.locky.event.ListeningApplication.Calls;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What docs/events.md says of the phases of a transaction: which listener is called, and
 * in which thread.
 */
class TransactionPhaseTests {

	private static final List<String> TRANSACTIONAL = List.of("locky.expiration.transactional=true");

	private static final String[] ALL_FALLBACKS = { "before commit, or at once", "after commit, or at once",
			"after rollback, or at once", "after completion, or at once" };

	private static final String[] COMMITTED = { "before commit", "before commit, or at once", "after commit",
			"after commit, or at once", "after completion", "after completion, or at once" };

	private static final String[] ROLLED_BACK = { "after rollback", "after rollback, or at once", "after completion",
			"after completion, or at once" };

	@Test
	void withoutATransactionOnlyFallbacksGetAnExpiry() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Phases.class)) {
			application.expire("x");
			application.calls().awaitCalls(ALL_FALLBACKS.length);
			application.awaitAcknowledged();
			assertThat(application.calls().listeners()).containsExactlyInAnyOrder(ALL_FALLBACKS);
			assertThat(application.calls().all()).extracting(Call::thread)
				.allMatch((thread) -> thread.startsWith("locky-expired-"));
		}
	}

	@Test
	void expiryInATransactionReachesThePhasesOfACommit() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, Phases.class)) {
			application.expire("x");
			application.awaitAcknowledged();
			assertThat(application.calls().listeners()).containsExactlyInAnyOrder(COMMITTED);
			assertThat(application.calls().all()).extracting(Call::thread)
				.allMatch((thread) -> thread.startsWith("locky-expired-"));
		}
	}

	@Test
	void operationInATransactionReachesItsPhases() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Phases.class)) {
			application.locks().lock("x", "ann");
			application.inTransaction(() -> {
				application.locks().unlock("x");
				assertThat(application.calls().all()).isEmpty();
			});
			assertThat(application.calls().listeners()).containsExactlyInAnyOrder(COMMITTED);
			assertThat(application.calls().all()).extracting(Call::thread)
				.containsOnly(Thread.currentThread().getName());
		}
	}

	@Test
	void operationInARolledBackTransactionReachesItsPhases() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Phases.class)) {
			application.locks().lock("x", "ann");
			assertThatIllegalStateException().isThrownBy(() -> application.inTransaction(() -> {
				application.locks().unlock("x");
				throw new IllegalStateException("Roll back");
			}));
			assertThat(application.calls().listeners()).containsExactlyInAnyOrder(ROLLED_BACK);
		}
	}

	@Test
	void operationWithoutATransactionReachesFallbacksOnly() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Phases.class)) {
			application.locks().lock("x", "ann");
			application.locks().unlock("x");
			assertThat(application.calls().listeners()).containsExactlyInAnyOrder(ALL_FALLBACKS);
		}
	}

	@Test
	void lockedMethodPublishesOutsideOfItsTransaction() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Phases.class, Service.class)) {
			application.bean(Service.class).lockedOutside();
			assertThat(application.calls().listeners()).containsExactlyInAnyOrder(ALL_FALLBACKS);
		}
	}

	@Test
	void releaseAfterTheTransactionIsOutsideOfIt() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Phases.class, Service.class)) {
			Service service = application.bean(Service.class);
			application.inTransaction(service::lockedOutside);
			assertThat(application.calls().listeners()).containsExactlyInAnyOrder(ALL_FALLBACKS);
		}
	}

	@Test
	void acquisitionBelongsToARunningTransactionOnly() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Acquired.class, Service.class)) {
			Service service = application.bean(Service.class);
			service.lockedOutside();
			assertThat(application.calls().all()).isEmpty();
			application.inTransaction(service::lockedOutside);
			assertThat(application.calls().listeners()).containsExactly("acquired");
		}
	}

	@Test
	void lossReachesFallbacksOnly() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, Losses.class)) {
			application.locks().tryLock(LockRequest.of("x").by("ann").ttl(Duration.ofMinutes(1)).autoRenew());
			application.inTransaction(() -> application.locks().unlock("x"));
			assertThat(application.calls().awaitCall().listener()).isEqualTo("loss, or at once");
			assertThat(application.calls().all()).hasSize(1);
		}
	}

	static class Phases {

		private final Calls calls;

		Phases(Calls calls) {
			this.calls = calls;
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void beforeCommit(LockyEvent event) {
			this.calls.on(event, "before commit");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void afterCommit(LockyEvent event) {
			this.calls.on(event, "after commit");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void afterRollback(LockyEvent event) {
			this.calls.on(event, "after rollback");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void afterCompletion(LockyEvent event) {
			this.calls.on(event, "after completion");
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT, fallbackExecution = true,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void beforeCommitOrAtOnce(LockyEvent event) {
			this.calls.on(event, "before commit, or at once");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void afterCommitOrAtOnce(LockyEvent event) {
			this.calls.on(event, "after commit, or at once");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK, fallbackExecution = true,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void afterRollbackOrAtOnce(LockyEvent event) {
			this.calls.on(event, "after rollback, or at once");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION, fallbackExecution = true,
				classes = { LockExpiredEvent.class, LockReleasedEvent.class })
		void afterCompletionOrAtOnce(LockyEvent event) {
			this.calls.on(event, "after completion, or at once");
		}

	}

	static class Service {

		@Locked("report")
		@Transactional
		public void lockedOutside() {
		}

	}

	static class Acquired {

		private final Calls calls;

		Acquired(Calls calls) {
			this.calls = calls;
		}

		@TransactionalEventListener
		void on(LockAcquiredEvent event) {
			this.calls.on(event, "acquired");
		}

	}

	static class Losses {

		private final Calls calls;

		Losses(Calls calls) {
			this.calls = calls;
		}

		@TransactionalEventListener
		void on(LockLostEvent event) {
			this.calls.on(event, "loss");
		}

		@TransactionalEventListener(fallbackExecution = true)
		void orAtOnce(LockLostEvent event) {
			this.calls.on(event, "loss, or at once");
		}

	}

}
