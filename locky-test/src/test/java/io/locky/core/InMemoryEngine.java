package io.locky.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.locky.LockInfo;
import io.locky.LockQuery;
import io.locky.LockyOperations;
import io.locky.event.LockyEvent;
import io.locky.test.InMemoryLocks;
import io.locky.test.LockClock;
import io.locky.test.RecordedLockEvents;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * Locks in memory, whose time the contract moves.
 */
final class InMemoryEngine implements ContractEngine {

	private final LockClock clock = LockClock.at(Instant.parse("2026-03-01T10:00:00.123456Z"));

	private final RecordedLockEvents events = new RecordedLockEvents();

	/** One for each TTL, with resources of their own. */
	private final List<InMemoryLocks> all = new ArrayList<>();

	@Override
	public LockyOperations locks(@Nullable Duration ttl) {
		InMemoryLocks locks = new InMemoryLocks(ttl, this.clock, this.events::record);
		this.all.add(locks);
		return locks;
	}

	private Optional<LockInfo> find(String resource) {
		return this.all.stream().flatMap((locks) -> locks.find(resource).stream()).findFirst();
	}

	@Override
	public List<LockyEvent> events() {
		return this.events.all();
	}

	@Override
	public @Nullable String holder(String resource) {
		return find(resource).map(LockInfo::locker).orElse(null);
	}

	@Override
	public long remaining(String resource) {
		Duration rest = find(resource).orElseThrow().expiresIn();
		return (rest != null) ? rest.toMillis() : -1;
	}

	@Override
	public long fence(String resource) {
		return find(resource).orElseThrow().fence();
	}

	@Override
	public Object state(String resource) {
		return find(resource);
	}

	@Override
	public boolean isEmpty() {
		return this.all.stream().allMatch((locks) -> locks.list(LockQuery.all()).locks().isEmpty());
	}

	@Override
	public void shorten(String resource, Duration rest) {
		this.clock.advance(Duration.ofMillis(remaining(resource)).minus(rest));
	}

	@Override
	public void pass(Duration time) {
		this.clock.advance(time);
	}

	@Override
	public void passWhileWaiting(String resource, Duration time) {
		await().until(() -> hasWaiter(resource));
		this.clock.advance(time);
	}

	@Override
	public boolean hasWaiter(String resource) {
		return this.all.stream().anyMatch((locks) -> locks.waiting(resource) > 0);
	}

	@Override
	public boolean isWaiting(Thread thread) {
		boolean parked = thread.getState() == Thread.State.WAITING;
		return parked && Stream.of(thread.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(InMemoryLocks.class.getName()));
	}

	@Override
	public void loseData() {
		this.all.forEach(InMemoryLocks::clear);
	}

	@Override
	public void close() {
		this.all.forEach(InMemoryLocks::close);
	}

}
