package io.locky.faults.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.core.LockyTemplate;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Entry;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

/**
 * Calls whatever a client may call, at random, and writes it down.
 */
final class EngineClient {

	private static final int[] TTLS = { 20, 40, 80 };

	private final LockyTemplate locks;

	private final String process;

	private final String locker;

	private final Random random;

	private final List<Entry> history;

	/** What was granted and not given back: perhaps its lease is over. */
	private final Map<String, Long> fences = new HashMap<>();

	EngineClient(LockyTemplate locks, String process, String locker, long seed, List<Entry> history) {
		this.locks = locks;
		this.process = process;
		this.locker = locker;
		this.random = new Random(seed);
		this.history = history;
	}

	void call() {
		String resource = "r" + this.random.nextInt(3);
		Long fence = this.fences.get(resource);
		int choice = this.random.nextInt(100);
		if (fence != null) {
			callAsHolder(resource, fence, choice);
		}
		else if (choice < 60) {
			acquire(Operation.ACQUIRE, LockRequest.of(resource).by(this.locker));
		}
		else if (choice < 65) {
			acquire(Operation.TAKE_OVER, LockRequest.of(resource).by(this.locker).force());
		}
		else {
			callAsOther(resource, choice);
		}
	}

	private void callAsHolder(String resource, long fence, int choice) {
		if (choice < 30) {
			done(Operation.REFRESH, resource, this.locker, fence,
					() -> this.locks.refresh(resource, this.locker, fence));
		}
		else if (choice < 50) {
			release(resource, this.locker, fence, () -> this.locks.unlock(resource, this.locker, fence));
		}
		else if (choice < 65) {
			release(resource, this.locker, null, () -> this.locks.unlock(resource, this.locker));
		}
		else if (choice < 75) {
			release(resource, null, null, () -> this.locks.unlock(resource));
		}
		else if (choice < 90) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.random.nextInt(30)));
		}
		else {
			this.fences.remove(resource);
		}
	}

	private void callAsOther(String resource, int choice) {
		if (choice < 75) {
			done(Operation.REFRESH, resource, this.locker, null, () -> this.locks.refresh(resource, this.locker));
		}
		else if (choice < 80) {
			release(resource, this.locker, null, () -> this.locks.unlock(resource, this.locker));
		}
		else {
			record(Operation.FIND, resource, null, null, 0, () -> {
				Optional<LockInfo> found = this.locks.find(resource);
				return found.map((lock) -> answer(Kind.HELD, lock)).orElse(new Answer(Kind.FREE, null, null));
			});
		}
	}

	private void acquire(Operation operation, LockRequest request) {
		int ttl = TTLS[this.random.nextInt(TTLS.length)];
		record(operation, request.resource(), this.locker, null, ttl, () -> {
			LockAttempt attempt = this.locks.tryLock(request.ttl(Duration.ofMillis(ttl)));
			if (attempt instanceof LockAttempt.Acquired acquired) {
				this.fences.put(request.resource(), acquired.handle().fence());
				return new Answer(Kind.GRANTED, this.locker, acquired.handle().fence());
			}
			LockInfo lock = ((LockAttempt.Denied) attempt).lock();
			return (lock != null) ? answer(Kind.DENIED, lock) : new Answer(Kind.DENIED, null, null);
		});
	}

	private void release(String resource, @Nullable String by, @Nullable Long fence, BooleanSupplier call) {
		this.fences.remove(resource);
		done(Operation.RELEASE, resource, by, fence, call);
	}

	private void done(Operation operation, String resource, @Nullable String by, @Nullable Long fence,
			BooleanSupplier call) {
		record(operation, resource, by, fence, 0,
				() -> new Answer(call.getAsBoolean() ? Kind.DONE : Kind.REFUSED, null, null));
	}

	private static Answer answer(Kind kind, LockInfo lock) {
		return new Answer(kind, lock.locker(), lock.fence());
	}

	private void record(Operation operation, String resource, @Nullable String by, @Nullable Long fence, long ttl,
			Supplier<Answer> call) {
		long called = System.nanoTime();
		Answer answer = Answer.UNKNOWN;
		try {
			answer = call.get();
		}
		catch (DataAccessException ex) {
			// It stays open what happened.
		}
		this.history
			.add(new Call(this.process, operation, resource, by, fence, ttl, answer, called, System.nanoTime()));
	}

}
