package io.locky.annotation;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;

import io.locky.LockerResolver;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What runs between the end of a call and the release of its lock: the completion of the
 * transaction around the call, and its listeners.
 */
class LockedCompletionTests extends AnnotationFixture {

	@Test
	void listenersOfTheCommitRunUnderTheLock() {
		run((context) -> {
			transaction(context).executeWithoutResult((status) -> context.getBean(Press.class).print("tea"));
			assertThat(context.getBean(Listeners.class).seen).containsExactlyInAnyOrder("BEFORE_COMMIT locked",
					"AFTER_COMMIT locked", "AFTER_COMPLETION locked", "late AFTER_COMMIT locked");
			assertThat(locks(context).getLocker("tea")).isNull();
			assertThat(HeldLocks.current().isEmpty()).isTrue();
		});
	}

	@Test
	void listenersOfTheRollbackRunUnderTheLock() {
		run((context) -> {
			transaction(context).executeWithoutResult((status) -> {
				context.getBean(Press.class).print("tea");
				status.setRollbackOnly();
			});
			assertThat(context.getBean(Listeners.class).seen).containsExactlyInAnyOrder("AFTER_ROLLBACK locked",
					"AFTER_COMPLETION locked");
			assertThat(locks(context).getLocker("tea")).isNull();
		});
	}

	@Test
	void monoInATransactionKeepsTheLockUntilTheCommit() {
		run((context) -> {
			transaction(context).executeWithoutResult((status) -> {
				assertThat(context.getBean(Press.class).reactive("tea").block()).isEqualTo("tea");
				assertThat(locks(context).getLocker("tea")).isNotNull();
				LockAssert.assertLocked("tea");
				context.getBean(Press.class).print("tea");
			});
			assertThat(locks(context).getLocker("tea")).isNull();
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(1);
			assertThat(HeldLocks.current().isEmpty()).isTrue();
		});
	}

	@Test
	void monoThatOutlivesItsTransactionKeepsTheLock() {
		run((context) -> {
			Disposable subscription = transaction(context).execute((status) -> {
				Disposable endless = context.getBean(Press.class).endless("tea").subscribe();
				await().until(() -> locks(context).getLocker("tea") != null);
				return endless;
			});
			assertThat(locks(context).getLocker("tea")).isNotNull();
			Objects.requireNonNull(subscription).dispose();
			await().until(() -> locks(context).getLocker("tea") == null);
		});
	}

	@Test
	void monoInAFailedTransactionReleasesTheLock() {
		run((context) -> {
			assertThatIllegalStateException().isThrownBy(() -> transaction(context).executeWithoutResult((status) -> {
				context.getBean(Press.class).reactive("tea").block();
				throw new IllegalStateException("no");
			}));
			assertThat(locks(context).getLocker("tea")).isNull();
			assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		});
	}

	@Test
	void manyCallsForAHeldLockRegisterOnce() {
		run((context) -> transaction(context).executeWithoutResult((status) -> {
			for (int i = 0; i < 1000; i++) {
				context.getBean(Press.class).quiet("tea");
			}
			assertThat(TransactionSynchronizationManager.getSynchronizations()).hasSize(1);
			assertThat(HeldLocks.current().locks()).hasSize(1);
			assertThat(count(context, LockReleasedEvent.class)).isZero();
		}));
	}

	@Test
	void emptyNameOfAResolverIsNoLocker() {
		this.application.withConfiguration(StockDatabase.class)
			.withBean(Press.class)
			.withBean(Listeners.class)
			.withBean(LockerResolver.class, () -> () -> "")
			.run((context) -> {
				String locker = context.getBean(Press.class).locker("tea", () -> 0);
				assertThat(locker).startsWith("Press.locker/");
			});
	}

	private static TransactionTemplate transaction(ApplicationContext context) {
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
	}

	private void run(TestApplication.Action action) {
		this.application.withConfiguration(StockDatabase.class)
			.withBean(Press.class)
			.withBean(Listeners.class)
			.run(action);
	}

	record Printed(String name) {

	}

	record PrintedLate(String name) {

	}

	static class Press {

		private final ApplicationEventPublisher events;

		Press(ApplicationEventPublisher events) {
			this.events = events;
		}

		@Locked("#name")
		void print(String name) {
			this.events.publishEvent(new Printed(name));
		}

		@Locked("#name")
		void quiet(String name) {
		}

		@Locked("#name")
		Mono<String> reactive(String name) {
			return Mono.just(name);
		}

		@Locked("#name")
		Mono<String> endless(String name) {
			return Mono.never();
		}

		@Locked("#name")
		String locker(String name, IntSupplier unused) {
			return Objects.requireNonNull(HeldLocks.current().find(name)).locker();
		}

	}

	static class Listeners {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private final ApplicationEventPublisher events;

		Listeners(ApplicationEventPublisher events) {
			this.events = events;
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void beforeCommit(Printed event) {
			see("BEFORE_COMMIT", event.name());
			this.events.publishEvent(new PrintedLate(event.name()));
		}

		@TransactionalEventListener
		void afterCommit(Printed event) {
			see("AFTER_COMMIT", event.name());
		}

		@TransactionalEventListener
		void late(PrintedLate event) {
			see("late AFTER_COMMIT", event.name());
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void afterRollback(Printed event) {
			see("AFTER_ROLLBACK", event.name());
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
		void afterCompletion(Printed event) {
			see("AFTER_COMPLETION", event.name());
		}

		private void see(String phase, String name) {
			this.seen.add(phase + ((HeldLocks.current().find(name) != null) ? " locked" : " unlocked"));
		}

	}

}
