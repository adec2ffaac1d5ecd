package io.locky.event;

import java.sql.Connection;
import java.util.List;

import io.locky.event.ListenerKindsTests.AsynchronousMulticaster;
import io.locky.event.ListeningApplication.Call;
import io.locky.event.ListeningApplication.Calls;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;

import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Async;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What docs/events.md says of listeners that need a transaction: which of them is called
 * again after a failure.
 */
class TransactionalListenerTests {

	private static final List<String> TRANSACTIONAL = List.of("locky.expiration.transactional=true");

	private static final List<String> SOON_AGAIN = List.of("locky.expiration.transactional=true",
			ListeningApplication.SHORT_ACK_TIMEOUT);

	@Test
	void rolledBackExpiryIsPublishedAgain() {
		try (ListeningApplication application = ListeningApplication.start(SOON_AGAIN, Mail.class)) {
			application.calls().failOnce(() -> {
			});
			application.expire("x");
			application.calls().awaitCalls(2);
			application.awaitAcknowledged();
			assertThat(application.mails()).isEqualTo(application.calls().all().size() - 1);
			assertThat(application.calls().all()).extracting((call) -> ((LockyEvent) call.event()).getFence())
				.containsOnly(((LockyEvent) application.calls().awaitCall().event()).getFence());
		}
	}

	@Test
	void expiryWhoseCommitFailsIsPublishedAgain() {
		try (ListeningApplication application = ListeningApplication.start(SOON_AGAIN, Mail.class)) {
			Calls calls = application.calls();
			calls.then((event) -> {
				if (calls.all().size() == 1) {
					cutConnection(application.jdbc());
				}
			});
			application.expire("x");
			calls.awaitCalls(2);
			application.awaitAcknowledged();
			assertThat(application.mails()).isEqualTo(calls.all().size() - 1);
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
		try (ListeningApplication application = ListeningApplication.start(SOON_AGAIN,
				TransactionPhaseTests.Phases.class, BeforeCommit.class)) {
			application.expire("x");
			application.awaitAcknowledged();
			assertThat(application.calls().listeners()).contains("after rollback", "after commit");
			assertThat(application.bean(BeforeCommit.class).calls).isGreaterThan(1);
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
	void transactionalListenerIsNotLeftToAnAsynchronousMulticaster() {
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
	void oneFailureDoesNotHoldUpOtherExpiries() {
		try (ListeningApplication application = ListeningApplication.start(SOON_AGAIN, Mail.class)) {
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
			assertThat(application.jdbc().queryForList("select distinct resource from mail", String.class)).hasSize(11)
				.contains("bad");
			assertThat(calls.all()).hasSizeGreaterThan(11);
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

}
