package io.locky.saving;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.locky.FencedUpdate;
import io.locky.LockAttempt;
import io.locky.LockRequest;
import io.locky.StaleFenceException;
import io.locky.core.LockyTemplate;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

/**
 * The save that the documentation shows, with JDBC.
 */
class FencedJdbcTests {

	private final JdbcDataSource database = database();

	private final JdbcClient jdbc = JdbcClient.create(this.database);

	private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.database));

	FencedJdbcTests() {
		this.jdbc.sql("CREATE TABLE article (id BIGINT PRIMARY KEY, text VARCHAR(99), lock_fence BIGINT DEFAULT 0)")
			.update();
		this.jdbc.sql("INSERT INTO article (id, text) VALUES (12, 'old')").update();
	}

	static JdbcDataSource database() {
		JdbcDataSource source = new JdbcDataSource();
		source.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000".formatted(UUID.randomUUID()));
		return source;
	}

	@Test
	void staleFenceIsRefusedAndNothingIsSaved() {
		save(12, "ann's", 17);
		assertThatExceptionOfType(StaleFenceException.class).isThrownBy(() -> save(12, "bob's", 16))
			.withMessageStartingWith("'article:12' was not saved with fence 16")
			.returns("article:12", StaleFenceException::getResource)
			.returns(16L, StaleFenceException::getFence);
		assertThat(text()).isEqualTo("ann's");
	}

	@ParameterizedTest
	@ValueSource(longs = { 17, 18, 1_795_492_825_554_005L })
	void equalAndHigherFencesPass(long fence) {
		save(12, "first", 17);
		save(12, "second", fence);
		assertThat(text()).isEqualTo("second");
		assertThat(this.jdbc.sql("SELECT lock_fence FROM article").query(Long.class).single()).isEqualTo(fence);
	}

	@Test
	void saveMustChangeExactlyOneRow() {
		assertThatExceptionOfType(OptimisticLockingFailureException.class).isThrownBy(() -> save(13, "x", 17));
		assertThatIllegalStateException().isThrownBy(() -> FencedUpdate.requireSaved(2, "article:12", 17))
			.withMessageContaining("changed 2 rows");
	}

	@Test
	void refusedSaveRollsBackItsTransaction() {
		save(12, "ann's", 17);
		assertThatExceptionOfType(StaleFenceException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				this.jdbc.sql("INSERT INTO article (id) VALUES (99)").update();
				save(12, "bob's", 16);
			}));
		assertThat(this.jdbc.sql("SELECT COUNT(*) FROM article").query(Integer.class).single()).isEqualTo(1);
	}

	@Test
	void staleSaveIsRefusedAfterWaitingForTheNewerOne() throws Exception {
		CountDownLatch saved = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		CompletableFuture<Void> newer = TestThreads.run(() -> this.transaction.executeWithoutResult((status) -> {
			save(12, "ann's", 17);
			saved.countDown();
			assertThatNoException().isThrownBy(goOn::await);
		}));
		saved.await();
		CompletableFuture<Void> stale = TestThreads.run(() -> save(12, "bob's", 16));
		await().until(() -> blockedSessions() == 1);
		goOn.countDown();
		newer.get();
		assertThat(stale).failsWithin(Duration.ofSeconds(60))
			.withThrowableThat()
			.withCauseInstanceOf(StaleFenceException.class);
		assertThat(text()).isEqualTo("ann's");
	}

	@Test
	void holderOfALostLockCannotSave() {
		try (LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory())) {
			LockyTemplate locks = fixture.template(Duration.ofMinutes(5));
			long lost = grant(locks, "bob");
			fixture.clear();
			long next = grant(locks, "ann");
			save(12, "ann's", next);
			assertThatExceptionOfType(StaleFenceException.class).isThrownBy(() -> save(12, "bob's", lost));
			assertThat(text()).isEqualTo("ann's");
		}
	}

	private static long grant(LockyTemplate locks, String locker) {
		LockAttempt attempt = locks.tryLock(LockRequest.of("article:12").by(locker));
		return ((LockAttempt.Acquired) attempt).handle().fence();
	}

	private void save(long id, String text, long fence) {
		int rows = this.jdbc
			.sql("UPDATE article SET text = :text, lock_fence = :fence WHERE id = :id AND lock_fence <= :fence")
			.param("text", text)
			.param("fence", fence)
			.param("id", id)
			.update();
		FencedUpdate.requireSaved(rows, "article:" + id, fence);
	}

	private int blockedSessions() {
		return this.jdbc.sql("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL")
			.query(Integer.class)
			.single();
	}

	private String text() {
		return this.jdbc.sql("SELECT text FROM article WHERE id = 12").query(String.class).single();
	}

}
