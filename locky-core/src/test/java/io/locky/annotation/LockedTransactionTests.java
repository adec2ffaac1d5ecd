package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.locky.LockLostException;
import io.locky.LockRequest;
import io.locky.ResourceLockedException;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Locks around and inside transactions.
 */
class LockedTransactionTests extends AnnotationFixture {

	/**
	 * Fails if the order of the advice is reversed: then a call that waits for its lock
	 * keeps a transaction open, which may read data from before its turn.
	 */
	@Test
	void lockSurroundsTheTransaction() {
		run((context) -> {
			context.getBean(Stock.class).add("tea", 1);
			assertThat(context.getBean(Witness.class).seen).containsExactly("acquired: tea=0, no transaction",
					"released: tea=1, no transaction");
		});
	}

	@Test
	void deniedCallBeginsNoTransaction() {
		run((context) -> {
			locks(context).lock("tea", "ann");
			assertThatExceptionOfType(ResourceLockedException.class)
				.isThrownBy(() -> context.getBean(Stock.class).touch("tea"));
			assertThat(context.getBean(StockDatabase.Manager.class).begun()).isZero();
		});
	}

	/**
	 * Read, add one, write: if the lock were released before the commit, the next writer
	 * would read the old number.
	 */
	@Test
	void noUpdateIsLostAmongManyWriters() {
		run((context) -> {
			List<CompletableFuture<Void>> writers = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				writers.add(CompletableFuture.runAsync(() -> {
					for (int j = 0; j < 25; j++) {
						context.getBean(Stock.class).add("tea", 1);
					}
				}, (task) -> new Thread(task).start()));
			}
			writers.forEach(CompletableFuture::join);
			assertThat(context.getBean(Stock.class).amount("tea")).isEqualTo(100);
		});
	}

	@Test
	void releaseWaitsForTheCommitOfARunningTransaction() {
		run((context) -> {
			transaction(context).executeWithoutResult((status) -> {
				context.getBean(Stock.class).add("tea", 1);
				assertThat(locks(context).getLocker("tea")).isNotNull();
				LockAssert.assertLocked("tea");
				context.getBean(Stock.class).add("tea", 2);
				assertThat(count(context, LockReleasedEvent.class)).isZero();
			});
			assertThat(context.getBean(Witness.class).seen).containsExactly("acquired: tea=0, in a transaction",
					"released: tea=3, no transaction");
			assertThat(count(context, LockAcquiredEvent.class)).isEqualTo(1);
			assertThat(locks(context).getLocker("tea")).isNull();
			assertThat(HeldLocks.current().locks()).isEmpty();
		});
	}

	@Test
	void releaseWaitsForTheRollbackOfARunningTransaction() {
		run((context) -> {
			assertThatIllegalStateException().isThrownBy(() -> transaction(context).executeWithoutResult((status) -> {
				context.getBean(Stock.class).add("tea", 1);
				throw new IllegalStateException("no");
			}));
			assertThat(context.getBean(Witness.class).seen).containsExactly("acquired: tea=0, in a transaction",
					"released: tea=0, no transaction");
			assertThat(locks(context).getLocker("tea")).isNull();
		});
	}

	@Test
	void innerTransactionKeepsTheLockOfTheOuterOne() {
		run((context) -> {
			TransactionTemplate own = transaction(context);
			own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
			transaction(context).executeWithoutResult((status) -> {
				own.executeWithoutResult((inner) -> context.getBean(Stock.class).add("coffee", 1));
				assertThat(locks(context).getLocker("coffee")).isNull();
				context.getBean(Stock.class).add("tea", 1);
				own.executeWithoutResult((inner) -> context.getBean(Stock.class).touch("tea"));
				assertThat(locks(context).getLocker("tea")).isNotNull();
			});
			assertThat(locks(context).getLocker("tea")).isNull();
		});
	}

	@Test
	void lostLockPreventsTheCommitOfARunningTransaction() {
		run((context) -> {
			assertThatExceptionOfType(LockLostException.class)
				.isThrownBy(() -> transaction(context).executeWithoutResult((status) -> {
					context.getBean(Stock.class).add("tea", 1);
					locks(context).lock(LockRequest.of("tea").by("thief").force());
				}));
			assertThat(context.getBean(Stock.class).amount("tea")).isZero();
			assertThat(locks(context).getLocker("tea")).isEqualTo("thief");
		});
	}

	private static TransactionTemplate transaction(ApplicationContext context) {
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
	}

	private void run(TestApplication.Action action) {
		this.application.withConfiguration(StockDatabase.class)
			.withBean(Stock.class)
			.withBean(Witness.class)
			.run(action);
	}

	static class Stock {

		private final JdbcTemplate jdbc;

		Stock(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@Transactional
		@Locked(value = "#name", waitFor = "30s")
		void add(String name, int more) {
			this.jdbc.update("update stock set amount = ? where name = ?", amount(name) + more, name);
		}

		@Transactional
		@Locked("#name")
		void touch(String name) {
			LockAssert.assertLocked(name);
		}

		int amount(String name) {
			return Objects.requireNonNull(
					this.jdbc.queryForObject("select amount from stock where name = ?", Integer.class, name));
		}

	}

	/**
	 * Records what other transactions can read at the moment of an event.
	 */
	static class Witness {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private final Stock stock;

		Witness(Stock stock) {
			this.stock = stock;
		}

		@EventListener
		void on(LockyEvent event) {
			if (event instanceof LockAcquiredEvent || event instanceof LockReleasedEvent) {
				int amount = CompletableFuture
					.supplyAsync(() -> this.stock.amount("tea"), (task) -> new Thread(task).start())
					.join();
				boolean running = TransactionSynchronizationManager.isSynchronizationActive();
				this.seen.add("%s: tea=%d, %s".formatted((event instanceof LockAcquiredEvent) ? "acquired" : "released",
						amount, running ? "in a transaction" : "no transaction"));
			}
		}

	}

}
