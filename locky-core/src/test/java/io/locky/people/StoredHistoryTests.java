package io.locky.people;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.LockySettings;
import io.locky.core.LockyTemplate;
import io.locky.event.LockForceReleasedEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.internal.lock.LockyRuntime;
import io.locky.internal.people.StoredLockHistory;
import io.locky.testing.CapturedLog;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.ApplicationEvent;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * The history of locks in a table, as the documentation shows it.
 */
@Timeout(120)
class StoredHistoryTests {

	private static final Path PAGE = Path.of("../docs/people-history.md");

	private final LockyFixture fixture = new LockyFixture(TestRedis.connectionFactory());

	private final JdbcDataSource database = new JdbcDataSource();

	private final JdbcTransactionManager transactions = new JdbcTransactionManager(this.database);

	private final JdbcLockHistoryStore table;

	private final StoredLockHistory history;

	StoredHistoryTests() throws IOException {
		this.database.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000".formatted(UUID.randomUUID()));
		JdbcClient jdbc = JdbcClient.create(this.database);
		jdbc.sql(block("sql")).update();
		this.table = new JdbcLockHistoryStore(jdbc, this.transactions);
		this.history = new StoredLockHistory(this.table, false);
	}

	/** The first block of a language in the page. */
	private static String block(String language) throws IOException {
		String text = Files.readString(PAGE);
		int start = text.indexOf("```" + language + "\n") + language.length() + 4;
		return text.substring(start, text.indexOf("```", start));
	}

	@AfterEach
	void closeFixture() {
		this.fixture.close();
	}

	@Test
	void documentationShowsThisStore() throws IOException {
		String source = Files.readString(Path.of("src/test/java/io/locky/people/JdbcLockHistoryStore.java"));
		String shown = Files.readString(PAGE);
		String body = source.substring(source.indexOf("@Repository"));
		assertThat(shown).contains(body);
	}

	@Test
	void eachEndIsStoredWithWhoAndWhy() {
		LockyTemplate locks = instance(this.fixture.settings().expiration(true).build(), this.history);
		locks.lock("x", "ann");
		locks.unlock("x", "ann");
		locks.lock("x", "ann");
		locks.unlock("x");
		locks.lock("x", "bob");
		locks.lock(LockRequest.of("x").by("eve").force().note("it is urgent"));
		long fence = locks.find("x").orElseThrow().fence();
		locks.unlock("x", "eve", fence);
		this.history.onApplicationEvent(new LockForceReleasedEvent(this, "x", "eve", fence, "admin"));
		locks.lock(LockRequest.of("x").by("zoë").ttl(Duration.ofMillis(20)));
		await().until(() -> this.history.history("x", null, 9).holds().size() == 5);
		List<Hold> holds = this.history.history("x", null, 9).holds();
		assertThat(holds).extracting(Hold::resource, Hold::locker, Hold::outcome, Hold::by, Hold::note)
			.containsExactly(tuple("x", "zoë", HoldOutcome.EXPIRED, null, null),
					tuple("x", "eve", HoldOutcome.FORCE_RELEASED, "admin", null),
					tuple("x", "bob", HoldOutcome.TAKEN_OVER, "eve", "it is urgent"),
					tuple("x", "ann", HoldOutcome.FORCE_RELEASED, null, null),
					tuple("x", "ann", HoldOutcome.RELEASED, "ann", null));
		assertThat(holds.get(1)).returns(this.fixture.events(LockReleasedEvent.class).get(2).getOccurredAt(),
				Hold::until);
		assertThat(Duration.between(holds.get(0).since(), holds.get(0).until())).isEqualTo(Duration.ofMillis(20));
	}

	@Test
	void pagesHaveEachHoldOnceAndABound() {
		for (int i = 1; i <= 5; i++) {
			Hold hold = new Hold("x", "l" + i, i, Instant.EPOCH, Instant.EPOCH, HoldOutcome.EXPIRED, null, null);
			this.table.add(hold);
			this.table.add(hold);
		}
		HoldPage first = this.history.history("x", null, 3);
		assertThat(first.holds()).extracting(Hold::locker).containsExactly("l5", "l4", "l3");
		HoldPage second = this.history.history("x", first.next(), 3);
		assertThat(second.holds()).extracting(Hold::locker).containsExactly("l2", "l1");
		assertThat(second.next()).isNull();
		assertThatIllegalArgumentException().isThrownBy(() -> this.history.history("x", null, 501));
	}

	@Test
	void eachGrantIsInTheTableExactlyOnce() throws Exception {
		LockySettings settings = this.fixture.settings().ttl(Duration.ofMinutes(1)).expiration(true).build();
		List<LockyTemplate> instances = List.of(instance(settings, this.history), instance(settings, this.history));
		Set<Long> granted = ConcurrentHashMap.newKeySet();
		TestThreads.race(4, (client) -> {
			LockyTemplate locks = instances.get(client % 2);
			for (int i = 0; i < 60; i++) {
				LockRequest request = LockRequest.of("x").by("c" + client).ttl(Duration.ofMillis(4 + i % 3));
				LockRequest next = (i % 2 == 0) ? request.force() : request;
				if (locks.tryLock(next) instanceof LockAttempt.Acquired acquired) {
					granted.add(acquired.handle().fence());
					if (i % 3 == 0) {
						acquired.handle().close();
					}
				}
			}
		});
		await().untilAsserted(() -> assertThat(this.history.history("x", null, 500).holds()).extracting(Hold::fence)
			.doesNotHaveDuplicates()
			.hasSameElementsAs(granted));
	}

	@Test
	void failingStoreNeverReachesTheCaller() {
		StoredLockHistory failing = new StoredLockHistory(new Failing(Integer.MAX_VALUE), false);
		LockyTemplate locks = instance(this.fixture.settings().expiration(true).build(), failing);
		try (CapturedLog log = new CapturedLog()) {
			assertThat(locks.lock("x", "ann")).isTrue();
			assertThat(locks.lock(LockRequest.of("x").by("bob").force())).isTrue();
			assertThat(locks.unlock("x", "bob")).isTrue();
			locks.lock(LockRequest.of("x").by("zoe").ttl(Duration.ofMillis(5)));
			await().until(() -> log.messages(Level.ERROR).size() == 3);
			assertThat(log.messages(Level.ERROR)).allMatch((message) -> message.contains("missing in the history"));
		}
		assertThat(this.fixture.events()).hasSize(5);
	}

	@Test
	void expiryIsAddedAgainUntilItsTransactionIsCommitted() {
		Failing failing = new Failing(2);
		StoredLockHistory transactional = new StoredLockHistory(failing, true);
		LockyTemplate locks = instance(this.fixture.settings()
			.expiration(true)
			.ackTimeout(Duration.ofSeconds(1))
			.expirationTransaction(new TransactionTemplate(this.transactions))
			.build(), transactional);
		locks.lock(LockRequest.of("x").by("ann").ttl(Duration.ofMillis(5)));
		await().atMost(Duration.ofSeconds(20)).until(() -> this.history.history("x", null, 9).holds().size() == 1);
		assertThat(failing.calls).hasValueGreaterThanOrEqualTo(3);
	}

	/**
	 * After the end of a transaction, its connection is still there, and commits nothing
	 * more.
	 */
	@Test
	void holdOfARolledBackTransactionIsKept() {
		LockyTemplate locks = instance(this.fixture.settings().build(), this.history);
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			locks.lock("x", "ann");
			locks.unlock("x", "ann");
			status.setRollbackOnly();
		});
		assertThat(this.history.history("x", null, 9).holds()).hasSize(1);
	}

	@Test
	void eventsOfOtherInstancesAreNotAdded() {
		LockySettings.Builder settings = this.fixture.settings().broadcast(true);
		Failing other = new Failing(0);
		LockyTemplate here = instance(settings.instance("here").build(), this.history);
		AtomicInteger remote = new AtomicInteger();
		StoredLockHistory there = new StoredLockHistory(other, false);
		LockySettings second = settings.instance("there").build();
		this.fixture.start(LockyRuntime.keys(TestRedis.connectionFactory(), second), second, (event) -> {
			there.onApplicationEvent((ApplicationEvent) event);
			if (event instanceof LockReleasedEvent released && released.isRemote()) {
				assertThat(released.isForced()).isEqualTo(released.getLocker().equals("bob"));
				remote.incrementAndGet();
			}
		});
		here.lock("x", "ann");
		here.unlock("x", "ann");
		here.lock("x", "bob");
		here.unlock("x");
		await().until(() -> remote.get() == 2);
		assertThat(this.history.history("x", null, 9).holds()).hasSize(2);
		assertThat(other.calls).hasValue(0);
	}

	@Test
	void lockOfAnotherClientIsNotAdded() {
		LockyTemplate locks = instance(this.fixture.settings().build(), this.history);
		this.fixture.redis().opsForValue().set(this.fixture.lockKey("x"), "npm");
		LockHandle handle = ((LockAttempt.Acquired) locks.tryLock(LockRequest.of("x").by("ann").force())).handle();
		handle.close();
		assertThat(this.history.history("x", null, 9).holds()).extracting(Hold::locker).containsExactly("ann");
	}

	private LockyTemplate instance(LockySettings settings, StoredLockHistory target) {
		return this.fixture.start(LockyRuntime.keys(TestRedis.connectionFactory(), settings), settings,
				(event) -> listen(event, target));
	}

	private void listen(Object event, StoredLockHistory target) {
		ApplicationEvent published = (ApplicationEvent) event;
		this.fixture.publisher().publishEvent(published);
		if (target.supportsEventType(published.getClass())) {
			target.onApplicationEvent(published);
		}
	}

	/** Fails some times, and then adds to the table. */
	private final class Failing implements LockHistoryStore {

		private final AtomicInteger calls = new AtomicInteger();

		private final int failures;

		private Failing(int failures) {
			this.failures = failures;
		}

		@Override
		public void add(Hold hold) {
			if (this.calls.incrementAndGet() <= this.failures) {
				throw new DataAccessResourceFailureException("A store that fails on purpose");
			}
			StoredHistoryTests.this.table.add(hold);
		}

		@Override
		public HoldPage page(String resource, @Nullable Long before, int size) {
			return StoredHistoryTests.this.table.page(resource, before, size);
		}

	}

}
