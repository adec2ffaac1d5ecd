package io.locky.event;

import java.sql.Connection;
import java.time.Duration;
import java.util.List;

import io.locky.LockRequest;
import io.locky.annotation.Locked;
import io.locky.event.ListenerKindsTests.AsynchronousMulticaster;
import io.locky.event.ListeningApplication.Call;
import io.locky.event.ListeningApplication.Calls;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;

import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What docs/events.md says of listeners that need a transaction.
 */
class TransactionalListenerTests {

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
	void rolledBackExpiryIsPublishedAgain() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, Mail.class)) {
			application.calls().failOnce(() -> assertThat(application.mails()).isEqualTo(1));
			application.expire("x");
			application.calls().awaitCalls(2);
			application.awaitAcknowledged();
			assertThat(application.mails()).isEqualTo(1);
			assertThat(application.calls().all()).extracting((call) -> ((LockyEvent) call.event()).getFence())
				.containsOnly(((LockyEvent) application.calls().awaitCall().event()).getFence());
		}
	}

	@Test
	void expiryWhoseCommitFailsIsPublishedAgain() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, Mail.class)) {
			Calls calls = application.calls();
			calls.then((event) -> {
				if (calls.all().size() == 1) {
					cutConnection(application.jdbc());
				}
			});
			application.expire("x");
			calls.awaitCalls(2);
			application.awaitAcknowledged();
			assertThat(application.mails()).isEqualTo(1);
		}
	}

	private static void cutConnection(JdbcTemplate jdbc) {
		jdbc.execute((Connection connection) -> {
			connection.unwrap(JdbcConnection.class).close();
			return true;
		});
	}

	@Test
	void expiryIsPublishedAgainIfAnotherListenerRollsBack() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, Phases.class,
				BeforeCommit.class)) {
			application.expire("x");
			application.awaitAcknowledged();
			assertThat(application.calls().listeners()).contains("after rollback", "after commit");
			assertThat(application.bean(BeforeCommit.class).calls).isEqualTo(2);
		}
	}

	@Test
	void redisKeepsAnExpiryUntilAfterCommitListenersReturn() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, AfterCommit.class)) {
			Calls calls = application.calls();
			calls.blockListener();
			application.expire("x");
			calls.awaitCall();
			assertThat(application.kept()).isEqualTo(1);
			calls.resume();
			application.awaitAcknowledged();
		}
	}

	@Test
	void afterCommitListenerThatThrowsIsNotCalledAgain() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, AfterCommit.class)) {
			application.calls().failOnce(() -> {
			});
			application.expire("x");
			application.calls().awaitCall();
			application.awaitAcknowledged();
			assertThat(application.calls().all()).hasSize(1);
		}
	}

	@Test
	void fallbackIsLikeAListenerWithoutATransaction() {
		try (ListeningApplication application = ListeningApplication.start(List.of(), Fallback.class)) {
			Calls calls = application.calls();
			calls.blockListener();
			application.expire("x");
			calls.awaitCall();
			assertThat(application.kept()).isEqualTo(1);
			calls.failOnce(() -> {
			});
			calls.resume();
			application.expire("y");
			calls.awaitCalls(2);
			application.awaitAcknowledged();
			assertThat(calls.all()).hasSize(2);
		}
	}

	@Test
	void redisKeepsNothingForAnAsynchronousListenerAfterTheCommit() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, AsyncAfterCommit.class)) {
			application.calls().blockListener();
			application.expire("x");
			assertThat(application.calls().awaitCall().thread()).startsWith("app-");
			application.awaitAcknowledged();
		}
	}

	@Test
	void asynchronousMulticasterLeavesTransactionalListenersInTheTransaction() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, AfterCommit.class,
				AsynchronousMulticaster.class)) {
			application.calls().blockListener();
			application.expire("x");
			application.calls().awaitCalls(2);
			assertThat(application.calls().all()).filteredOn((call) -> call.listener().equals("after commit"))
				.singleElement()
				.extracting(Call::thread)
				.asString()
				.startsWith("locky-expired-");
			assertThat(application.kept()).isEqualTo(1);
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

	@Test
	void oneFailureDoesNotHoldUpOtherExpiries() {
		try (ListeningApplication application = ListeningApplication.start(TRANSACTIONAL, Mail.class)) {
			Calls calls = application.calls();
			calls.then((event) -> {
				if (((LockyEvent) event).getResource().equals("bad") && calls.all().size() < 12) {
					throw new IllegalStateException("A listener that fails on purpose");
				}
			});
			application.expire("bad");
			for (int i = 0; i < 10; i++) {
				application.expire("good" + i);
			}
			application.awaitAcknowledged();
			assertThat(application.jdbc().queryForList("select resource from mail", String.class)).hasSize(11)
				.contains("bad");
			assertThat(calls.all()).hasSizeGreaterThan(11);
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

	/** Writes in the transaction of the expiry. */
	static class Mail {

		private final Calls calls;

		private final JdbcTemplate jdbc;

		Mail(Calls calls, JdbcTemplate jdbc) {
			this.calls = calls;
			this.jdbc = jdbc;
		}

		@EventListener
		void on(LockExpiredEvent event) {
			this.jdbc.update("insert into mail values (?, ?)", event.getResource(), event.getFence());
			this.calls.on(event, "mail");
		}

	}

	static class BeforeCommit {

		private int calls;

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void on(LockExpiredEvent event) {
			if (this.calls++ == 0) {
				throw new IllegalStateException("A listener that fails on purpose");
			}
		}

	}

	static class AfterCommit {

		private final Calls calls;

		AfterCommit(Calls calls) {
			this.calls = calls;
		}

		@TransactionalEventListener
		void on(LockExpiredEvent event) {
			this.calls.on(event, "after commit");
		}

	}

	static class Fallback {

		private final Calls calls;

		Fallback(Calls calls) {
			this.calls = calls;
		}

		@TransactionalEventListener(fallbackExecution = true)
		void on(LockExpiredEvent event) {
			this.calls.on(event, "fallback");
		}

	}

	static class AsyncAfterCommit {

		private final Calls calls;

		AsyncAfterCommit(Calls calls) {
			this.calls = calls;
		}

		@Async
		@TransactionalEventListener
		public void on(LockExpiredEvent event) {
			this.calls.on(event, "asynchronous");
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
