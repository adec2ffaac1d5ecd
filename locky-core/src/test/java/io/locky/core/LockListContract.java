package io.locky.core;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRequest;
import io.locky.event.LockReleasedEvent;
import io.locky.testing.TestThreads;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Several locks at once, in any engine.
 */
abstract class LockListContract extends EngineContract {

	@Test
	void findAllReturnsHeldLocksInTheRequestedOrder() {
		this.locks.lock("b", "ann");
		this.locks.lock("a", "bob");
		Map<String, LockInfo> found = this.locks.findAll(List.of("c", "b", "a", "b"));
		assertThat(found).containsOnlyKeys("a", "b");
		assertThat(found.keySet()).containsExactly("b", "a");
		assertThat(found.get("b")).returns("ann", LockInfo::locker).returns(fence("b"), LockInfo::fence);
		assertThat(this.locks.findAll(List.of())).isEmpty();
	}

	@Test
	void listPagesThroughAllLocks() {
		lockMany("article:", 700, "ann");
		Set<String> seen = new HashSet<>();
		int pages = 0;
		LockPage page = this.locks.list(LockQuery.all().limit(50));
		seen.addAll(resources(page));
		while (page.cursor() != null) {
			page = this.locks.list(LockQuery.all().limit(50).after(page.cursor()));
			seen.addAll(resources(page));
			pages++;
		}
		assertThat(seen).hasSize(700);
		assertThat(pages).isGreaterThan(3);
	}

	@Test
	void listIsCorrectWhileLocksAreReleased() {
		lockMany("article:", 700, "ann");
		this.locks.lock("stays", "bob");
		Set<String> seen = new HashSet<>();
		LockPage page = this.locks.list(LockQuery.all().limit(50));
		seen.addAll(resources(page));
		this.locks.unlockAll("ann");
		while (page.cursor() != null) {
			page = this.locks.list(LockQuery.all().limit(50).after(page.cursor()));
			assertThat(page.locks()).allMatch((lock) -> lock.locker().equals("bob"));
			seen.addAll(resources(page));
		}
		assertThat(seen).contains("stays");
	}

	@Test
	void listFiltersByPrefixLiterallyAndByLocker() {
		this.locks.lock("a*b:1", "ann");
		this.locks.lock("a*b:2", "bob");
		this.locks.lock("axb:3", "ann");
		this.locks.lock("a[x]\\", "ann");
		assertThat(resources(this.locks.list(LockQuery.all().withPrefix("a*b:")))).containsExactlyInAnyOrder("a*b:1",
				"a*b:2");
		assertThat(resources(this.locks.list(LockQuery.all().withPrefix("a[x]\\")))).containsExactly("a[x]\\");
		assertThat(resources(this.locks.list(LockQuery.all().withPrefix("a*").heldBy("ann")))).containsExactly("a*b:1");
		assertThat(resources(this.locks.list(LockQuery.all().heldBy("nobody")))).isEmpty();
	}

	@Test
	void badCursorIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.locks.list(LockQuery.all().after("page 2")))
			.withMessageContaining("pass what LockPage.cursor() returned");
		assertThatIllegalArgumentException().isThrownBy(() -> LockQuery.all().limit(1001));
	}

	@Test
	void unlockAllReleasesTheLocksOfOneLocker() {
		lockMany("article:", 120, "ann");
		this.locks.lock("other", "bob");
		assertThat(this.locks.unlockAll("ann")).isEqualTo(120);
		assertThat(this.locks.unlockAll("ann")).isZero();
		assertThat(resources(this.locks.list(LockQuery.all()))).containsExactly("other");
		assertThat(events(LockReleasedEvent.class)).hasSize(120);
	}

	@Test
	void lockAllAcquiresAllOrNone() {
		assertThat(this.locks.lockAll(List.of("a", "b", "a"), "ann")).isTrue();
		assertThat(this.locks.lockAll(List.of("c", "b", "d"), "bob")).isFalse();
		assertThat(this.locks.findAll(List.of("a", "b", "c", "d"))).containsOnlyKeys("a", "b");
		assertThat(remaining("a")).isGreaterThan(40_000);
		assertThat(Stream.of("a", "b").map(this::fence)).doesNotHaveDuplicates();
		assertThatIllegalArgumentException().isThrownBy(() -> this.locks.lockAll(List.of(), "ann"))
			.withMessageContaining("from 1 to 1000");
	}

	@Test
	void racingLockAllsNeverDeadlockNorHoldHalf() throws Exception {
		List<String> forth = List.of("a", "b", "c", "d");
		List<String> back = List.of("d", "c", "b", "a");
		AtomicInteger granted = new AtomicInteger();
		TestThreads.race(4, (runner) -> {
			String locker = "locker-" + runner;
			for (int i = 0; i < 100; i++) {
				if (this.locks.lockAll((runner % 2 == 0) ? forth : back, locker)) {
					assertThat(this.locks.unlockAll(locker)).isEqualTo(4);
					granted.incrementAndGet();
				}
			}
		});
		assertThat(granted).hasPositiveValue();
		assertThat(this.locks.findAll(forth)).isEmpty();
	}

	private void lockMany(String prefix, int count, String locker) {
		for (int i = 0; i < count; i++) {
			this.locks.lock(LockRequest.of(prefix + i).by(locker).ttl(Duration.ofMinutes(5)));
		}
	}

	private static Collection<String> resources(LockPage page) {
		return page.locks().stream().map(LockInfo::resource).toList();
	}

}
