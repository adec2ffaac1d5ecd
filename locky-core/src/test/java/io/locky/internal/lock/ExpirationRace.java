package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

import io.locky.event.LockExpiredEvent;
import io.locky.internal.lock.LockCommands.AcquireCommand;
import io.locky.internal.lock.Operations.Sending;
import io.locky.internal.redis.ScriptCall;
import io.locky.internal.redis.ScriptRunner;
import io.locky.testing.LockyFixture;
import io.locky.testing.TestThreads;

import static org.awaitility.Awaitility.await;

/**
 * Several clients fight over few resources with leases of a few milliseconds, while
 * several workers publish what expires. Records the fate of every grant.
 */
final class ExpirationRace implements AutoCloseable {

	private static final int CLIENTS = 4;

	private static final int RESOURCES = 3;

	private static final Duration ACK_TIMEOUT = Duration.ofMinutes(1);

	private final LockyFixture fixture;

	private final LockCommands commands;

	private final Operations operations = new Operations(System::nanoTime);

	private final ScriptRunner scripts;

	private final UnaryOperator<ScriptCall<AcquireReply>> change;

	private final Map<Long, Grant> grants = new ConcurrentHashMap<>();

	private final Set<Long> released = ConcurrentHashMap.newKeySet();

	private final Map<Long, Integer> published = new ConcurrentHashMap<>();

	private final List<LockyRuntime> workers = new ArrayList<>();

	/**
	 * Prepares a race.
	 * @param fixture where it takes place
	 * @param change what becomes of each attempt to take a lock before it is sent
	 * @param workers how many workers there are
	 */
	ExpirationRace(LockyFixture fixture, UnaryOperator<ScriptCall<AcquireReply>> change, int workers) {
		this.fixture = fixture;
		this.commands = new LockCommands(fixture.keys());
		this.scripts = fixture.scripts();
		this.change = change;
		for (int i = 0; i < workers; i++) {
			startWorker();
		}
	}

	private void startWorker() {
		LockyRuntime worker = new LockyRuntime(this.fixture.redis().getRequiredConnectionFactory(), this.fixture.keys(),
				this.fixture.settings().expiration(true).ackTimeout(ACK_TIMEOUT).build(), this::publish);
		this.workers.add(worker);
		worker.start();
	}

	private void publish(Object event) {
		this.published.merge(((LockExpiredEvent) event).getFence(), 1, Integer::sum);
	}

	void run(Duration length) throws Exception {
		long end = System.nanoTime() + length.toNanos();
		TestThreads.race(CLIENTS, (client) -> {
			while (System.nanoTime() < end) {
				step("client-" + client);
			}
		});
		String prefix = this.fixture.prefix();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> this.fixture.redis()
				.countExistingKeys(List.of(prefix + "deadlines", prefix + "unacked")) == 0);
	}

	private void step(String client) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		String resource = "r" + random.nextInt(RESOURCES);
		AcquireCommand wanted = new AcquireCommand(List.of(resource), client, Duration.ofMillis(random.nextInt(1, 6)),
				this.operations.begin(), (random.nextInt(10) == 0) ? TestAttempts.FORCE : TestAttempts.DENY);
		AcquireReply reply = this.scripts
			.run(this.change.apply(this.commands.acquire(wanted, Sending.FIRST, "", ACK_TIMEOUT)));
		if (reply instanceof AcquireReply.Granted granted) {
			Grant grant = granted.grant();
			this.grants.put(grant.fence(), grant);
			List<OwnedLock> lock = List.of(OwnedLock.byFence(resource, grant.fence()));
			switch (random.nextInt(4)) {
				case 0 -> release(lock);
				case 1 -> this.scripts.run(this.commands.refresh(lock, null));
				default -> {
				}
			}
		}
	}

	private void release(List<OwnedLock> lock) {
		this.scripts.run(this.commands.release(lock, this.operations.begin(), Sending.FIRST))
			.orElseThrow()
			.forEach((released) -> this.released.add(released.fence()));
	}

	/**
	 * Adds up what became of the grants.
	 * @return the figures
	 */
	Result result() {
		Set<Long> takenOver = takenOver();
		int lost = 0;
		int doubled = 0;
		int wrong = 0;
		for (Long fence : this.grants.keySet()) {
			int times = this.published.getOrDefault(fence, 0);
			boolean ended = this.released.contains(fence) || takenOver.contains(fence);
			lost += (!ended && times == 0) ? 1 : 0;
			doubled += (times > 1) ? 1 : 0;
			wrong += (ended && times > 0) ? 1 : 0;
		}
		int unknown = (int) this.published.keySet().stream().filter((fence) -> !this.grants.containsKey(fence)).count();
		return new Result(this.grants.size(), this.published.size(), lost, doubled, wrong + unknown,
				fencesOutOfOrder());
	}

	private Set<Long> takenOver() {
		Set<Long> fences = ConcurrentHashMap.newKeySet();
		forEachSuccession((before, after) -> {
			if (after.previousLocker() != null) {
				fences.add(before.fence());
			}
		});
		return fences;
	}

	/** By the clock of Redis a grant with a higher fence is never the earlier one. */
	private int fencesOutOfOrder() {
		List<Long> wrong = new ArrayList<>();
		forEachSuccession((before, after) -> {
			if (before.since().isAfter(after.since())) {
				wrong.add(after.fence());
			}
		});
		return wrong.size();
	}

	private void forEachSuccession(BiConsumer<Grant, Grant> action) {
		for (int i = 0; i < RESOURCES; i++) {
			String resource = "r" + i;
			List<Grant> history = this.grants.values()
				.stream()
				.filter((grant) -> resource.equals(grant.resource()))
				.sorted(Comparator.comparingLong(Grant::fence))
				.toList();
			for (int next = 1; next < history.size(); next++) {
				action.accept(history.get(next - 1), history.get(next));
			}
		}
	}

	@Override
	public void close() {
		this.workers.forEach(LockyRuntime::close);
	}

	/**
	 * What became of the grants.
	 *
	 * @param grants how many there were
	 * @param expired how many expiries were published
	 * @param lost how many ended silently
	 * @param doubled how many were published twice
	 * @param wrong how many were published although they were released or taken over
	 * @param fencesOutOfOrder how many had a fence that did not rise
	 */
	record Result(int grants, int expired, int lost, int doubled, int wrong, int fencesOutOfOrder) {

	}

}
