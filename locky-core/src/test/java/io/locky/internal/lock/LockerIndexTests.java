package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.internal.expiration.TestClaims;
import io.locky.internal.lock.LockerIndex.Timing;
import io.locky.testing.TestRedis;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * The index by locker: that it has all locks whenever it is used.
 */
@Timeout(60)
class LockerIndexTests {

	private static final String SPOILED = "2[\"ann\"]";

	private final LockerIndexFixture index = new LockerIndexFixture(TestRedis.connectionFactory());

	private final StringRedisTemplate redis = this.index.fixture.redis();

	private final String lockers = this.index.fixture.key("x", "lockers");

	private final String fence = this.index.fixture.key("x", "fence");

	private final String records = this.index.fixture.key("x", "records");

	@AfterEach
	void closeFixture() {
		this.index.close();
	}

	@Test
	void hasAnEntryForEachRecordAfterAnyOperations() {
		LockyTemplate locks = this.index.keeping();
		this.index.awaitComplete();
		TestClaims claims = new TestClaims(this.index.fixture);
		Random random = new Random(7);
		for (int i = 0; i < 3000; i++) {
			operate(locks, random);
			if (i % 500 == 499) {
				claims.claim(this.index.scripts, 500, Duration.ofMinutes(1));
				assertThat(this.index.entries()).isEqualTo(this.index.records()).isNotEmpty();
			}
		}
		assertThat(this.redis.opsForHash().get(this.lockers, "many")).isEqualTo("#");
		for (String locker : List.of("many", "locker-3")) {
			int held = LockerIndexFixture.heldBy(locks, locker, 100).size();
			assertThat(locks.unlockAll(locker)).isEqualTo(held).isPositive();
		}
		assertThat(this.index.entries()).isEqualTo(this.index.records());
	}

	private void operate(LockyTemplate locks, Random random) {
		String resource = "resource:\u00e4" + random.nextInt(400);
		String locker = (random.nextInt(3) > 0) ? "many" : "locker-" + random.nextInt(20);
		List<Runnable> operations = List.of(() -> locks.unlock(resource),
				() -> locks.lock(LockRequest.of(resource).by(locker).force()),
				() -> locks.lock(LockRequest.of(resource).by(locker).reentrant()),
				() -> locks.lock(LockRequest.of(resource).by(locker).ttl(Duration.ofMillis(1))),
				() -> locks.lockAll(List.of(resource, "and", "more"), locker),
				() -> this.redis.delete(this.index.fixture.lockKey(resource)), () -> locks.lock(resource, locker));
		operations.get(Math.min(random.nextInt(12), operations.size() - 1)).run();
	}

	@Test
	void locksThatWereGrantedBeforeAreFoundAndThenIndexed() {
		lockMany(this.index.without(), 450, "ann");
		LockyTemplate locks = this.index.keeping();
		assertThat(LockerIndexFixture.heldBy(locks, "ann", 50)).hasSize(450);
		this.index.build(LockerIndexFixture.FAST);
		this.index.awaitComplete();
		assertThat(this.index.entries()).isEqualTo(this.index.records()).hasSize(450);
		this.redis.opsForHash()
			.put(this.records, "found by a scan", this.redis.opsForHash().get(this.records, "article:1"));
		this.redis.opsForValue().set(this.index.fixture.lockKey("found by a scan"), "ann");
		assertThat(locks.unlockAll("ann")).isEqualTo(450);
		assertThat(this.index.entries()).isEmpty();
		assertThat(locks.list(LockQuery.all()).locks()).hasSize(1);
	}

	@Test
	void grantWithoutAnEntryEndsTheUseOfTheIndexAtOnce() {
		LockyTemplate without = this.index.without();
		LockyTemplate locks = this.index.keeping();
		this.index.awaitComplete();
		locks.lock("x", "ann");
		without.lock("y", "ann");
		assertThat(this.index.isComplete()).isFalse();
		locks.lock("z", "ann");
		assertThat(this.index.isComplete()).isFalse();
		assertThat(locks.unlockAll("ann")).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "lockers", "fence", "lockers fence", "records", "records lockers", "all" })
	void lostKeysEndTheUseOfTheIndex(String lost) {
		LockyTemplate locks = this.index.keeping();
		this.index.awaitComplete();
		locks.lock("x", "ann");
		locks.lock("y", "ann");
		if (lost.equals("all")) {
			this.index.fixture.clear();
		}
		for (String name : lost.split(" ")) {
			this.redis.delete(this.index.fixture.key("x", name));
		}
		int left = lost.contains("records") || lost.equals("all") ? 0 : 2;
		assertThat(LockerIndexFixture.heldBy(locks, "ann", 100)).hasSize(left);
		locks.lock("z", "ann");
		assertThat(LockerIndexFixture.heldBy(locks, "ann", 100)).hasSize(left + 1);
		this.index.build(LockerIndexFixture.FAST);
		this.index.awaitComplete();
		assertThat(locks.unlockAll("ann")).isEqualTo(left + 1);
	}

	@Test
	void keyOfAnotherTypeFailsNoOperation() {
		LockyTemplate locks = this.index.keeping();
		this.index.awaitComplete();
		locks.lock("x", "ann");
		this.redis.delete(this.lockers);
		this.redis.opsForValue().set(this.lockers, "spoiled");
		assertThat(locks.lock("y", "ann")).isTrue();
		assertThat(locks.unlock("x")).isTrue();
		assertThat(locks.lock("z", "ann")).isTrue();
		assertThat(locks.unlockAll("ann")).isEqualTo(2);
		this.redis.delete(this.lockers);
		this.index.build(LockerIndexFixture.FAST);
		this.index.awaitComplete();
		assertThat(locks.lock("x", "ann")).isTrue();
	}

	@Test
	void entriesOfReleasedLocksAreLeftOutAndRemoved() {
		LockyTemplate without = this.index.without();
		LockyTemplate locks = this.index.keeping();
		this.index.awaitComplete();
		lockMany(locks, 300, "ann");
		locks.lock("x", "bob");
		IntStream.range(0, 299).forEach((i) -> without.unlock("article:" + i));
		without.unlock("x");
		assertThat(this.index.entries()).hasSize(301);
		assertThat(LockerIndexFixture.heldBy(locks, "ann", 50)).containsExactly("article:299");
		assertThat(this.index.entries()).containsExactlyInAnyOrder("ann article:299", "bob x");
		locks.unlock("article:299");
		this.index.build(new Timing(Duration.ofMillis(5), Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO));
		await().until(() -> this.redis.opsForHash().keys(this.lockers).equals(Set.of("\0")));
		assertThat(this.index.isComplete()).isTrue();
	}

	@Test
	void recordThatCannotBeReadIsLookedAtForEachLocker() {
		LockyTemplate without = this.index.without();
		without.lock("x", "ann");
		without.lock("y", "ann");
		Object record = this.redis.opsForHash().get(this.records, "x");
		this.redis.opsForHash().put(this.records, "x", SPOILED);
		LockyTemplate locks = this.index.keeping();
		this.index.build(LockerIndexFixture.FAST);
		this.index.awaitComplete();
		assertThat(this.index.entries()).containsExactlyInAnyOrder("? x", "ann y");
		assertThat(this.index.held(this.index.fixture.keys().partitions().get(0), "bob").resources())
			.containsExactly("x");
		assertThat(LockerIndexFixture.heldBy(locks, "ann", 100)).containsExactly("y");
		this.redis.opsForHash().put(this.records, "x", record);
		assertThat(LockerIndexFixture.heldBy(locks, "bob", 100)).isEmpty();
		assertThat(this.index.entries()).containsExactlyInAnyOrder("ann x", "ann y");
		assertThat(locks.unlockAll("ann")).isEqualTo(2);
	}

	@Test
	void buildEndsWhenAGrantHasNoEntryOrTheServerIsAnotherOne() {
		LockyTemplate without = this.index.without();
		without.lock("x", "ann");
		List<String> begun = this.index.step("one", "", "0", 100);
		assertThat(begun.get(0)).isEqualTo("building");
		assertThat(this.index.step("two", "", "0", 100).get(0)).isEqualTo("waiting");
		assertThat(this.index.step("two", begun.get(2), "0", 100).get(0)).isEqualTo("lost");
		assertThat(this.index.step("one", "another", "0", 100).get(0)).isEqualTo("lost");
		assertThat(this.index.isComplete()).isFalse();
		without.lock("y", "ann");
		assertThat(this.index.step("one", begun.get(2), "0", 100).get(0)).isEqualTo("lost");
		assertThat(this.index.state()).startsWith("broken:");
		List<String> again = this.index.step("two", "", "0", 100);
		assertThat(this.index.step("one", begun.get(2), "0", 100).get(0)).isEqualTo("lost");
		assertThat(this.index.step("two", again.get(2), "0", 100).get(0)).isEqualTo("sweep");
		assertThat(this.index.isComplete()).isTrue();
		assertThat(this.index.entries()).containsExactlyInAnyOrder("ann x", "ann y");
	}

	@Test
	void pagesContinueWhenTheIndexComesOrGoes() {
		LockyTemplate without = this.index.without();
		lockMany(without, 700, "ann");
		LockyTemplate locks = this.index.keeping();
		LockQuery query = LockQuery.all().heldBy("ann").withPrefix("article:").limit(50);
		this.redis.opsForHash().delete(this.lockers, "\0");
		LockPage scanned = locks.list(query);
		assertThat(scanned.cursor()).doesNotContain("l");
		this.index.build(LockerIndexFixture.FAST);
		this.index.awaitComplete();
		LockPage indexed = locks.list(query);
		assertThat(indexed.cursor()).contains("-l");
		assertThat(rest(locks, query, scanned)).hasSize(700);
		assertThat(rest(locks, query, indexed)).hasSize(700);
		assertThat(rest(without, query, indexed)).hasSize(700);
		this.redis.opsForHash().delete(this.lockers, "\0");
		assertThat(rest(locks, query, indexed)).hasSize(700);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> locks.list(LockQuery.all().after(String.valueOf(indexed.cursor()))))
			.withMessageContaining("one locker");
	}

	private static Set<String> rest(LockyTemplate locks, LockQuery query, LockPage first) {
		Set<String> seen = new HashSet<>(LockerIndexFixture.resources(first));
		LockPage page = first;
		while (page.cursor() != null) {
			page = locks.list(query.after(page.cursor()));
			seen.addAll(LockerIndexFixture.resources(page));
		}
		return seen;
	}

	@Test
	void switchedOffIndexIsDeleted() {
		LockyTemplate locks = this.index.keeping();
		this.index.awaitComplete();
		IntStream.range(0, 900).forEach((i) -> locks.lock("article:" + i, "locker-" + i));
		LockyTemplate without = this.index.without();
		without.lock("x", "locker-7");
		assertThat(this.redis.hasKey(this.lockers)).isFalse();
		assertThat(without.unlockAll("locker-7")).isEqualTo(2);
	}

	/** An instance without the index, builds and locks all at the same time. */
	@Test
	void heldLocksAreNeverMissing() throws Exception {
		LockyTemplate without = this.index.without();
		LockyTemplate locks = this.index.keeping();
		List<String> held = new ArrayList<>();
		AtomicBoolean done = new AtomicBoolean();
		List<Boolean> seen = new ArrayList<>();
		Timing restless = new Timing(Duration.ofMillis(1), Duration.ZERO, Duration.ofMillis(20), Duration.ZERO);
		this.index.build(restless);
		this.index.build(restless);
		TestThreads.race(4, (runner) -> {
			if (runner == 3) {
				for (int i = 0; i < 150; i++) {
					((i % 7 == 0) ? without : locks).lock("held:" + i, "ann");
					held.add("held:" + i);
					assertThat(LockerIndexFixture.heldBy(locks, "ann", 1000)).containsAll(held);
					seen.add(this.index.isComplete());
				}
				done.set(true);
			}
			for (int i = 0; !done.get(); i = (i + 1) % 50) {
				LockyTemplate some = (runner == 2) ? without : locks;
				some.lock("r" + i, "locker-" + i % 9);
				some.unlock("r" + (i + runner * 17) % 50);
				if (runner == 2) {
					Thread.onSpinWait();
					await().pollDelay(Duration.ofMillis(15)).until(() -> true);
				}
			}
		});
		assertThat(seen).contains(true, false);
		assertThat(locks.unlockAll("ann")).isEqualTo(150);
	}

	private static void lockMany(LockyTemplate locks, int count, String locker) {
		List<String> resources = IntStream.range(0, count).mapToObj((i) -> "article:" + i).toList();
		assertThat(locks.lockAll(resources, locker)).isTrue();
	}

}
