package io.locky.faults.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.run.Recorder.Asked;
import org.jspecify.annotations.Nullable;

/**
 * One client of an application: calls locks and the store, and writes down what it asks
 * and is answered.
 */
final class Client {

	private final LockyOperations locks;

	private final StoreClient store;

	private final Recorder recorder;

	private final String locker;

	private final boolean partitions;

	/**
	 * Creates a client.
	 * @param locks the locks
	 * @param store the store
	 * @param recorder writes the history
	 * @param locker the name of the client
	 * @param partitions whether several locks are acquired one after the other
	 */
	Client(LockyOperations locks, StoreClient store, Recorder recorder, String locker, boolean partitions) {
		this.locks = locks;
		this.store = store;
		this.recorder = recorder;
		this.locker = locker;
		this.partitions = partitions;
	}

	String locker() {
		return this.locker;
	}

	StoreClient store() {
		return this.store;
	}

	LockRequest request(String resource, long ttlMillis) {
		return LockRequest.of(resource).by(this.locker).ttl(Duration.ofMillis(ttlMillis));
	}

	/**
	 * Tries to lock.
	 * @param operation what kind of request it is
	 * @param request the request, which has a TTL
	 * @return the handle, or {@code null} if it was denied, or if the answer is unknown
	 */
	@Nullable LockHandle acquire(Operation operation, LockRequest request) {
		AtomicReference<@Nullable LockHandle> handle = new AtomicReference<>();
		Duration ttl = request.options().ttl();
		this.recorder.call(new Asked(operation, request.resource(), this.locker, request.options().takeOverFrom(),
				(ttl != null) ? ttl.toMillis() : 0), () -> {
					LockAttempt attempt = this.locks.tryLock(request);
					if (attempt instanceof LockAttempt.Acquired acquired) {
						handle.set(acquired.handle());
						return new Answer(Kind.GRANTED, this.locker, acquired.handle().fence());
					}
					LockInfo lock = ((LockAttempt.Denied) attempt).lock();
					return (lock != null) ? answer(Kind.DENIED, lock) : new Answer(Kind.DENIED, null, null);
				});
		return handle.get();
	}

	/**
	 * Locks several resources, all or none.
	 * @param resources the resources
	 * @param ttlMillis the configured TTL
	 * @return the fences, empty if they were denied or if the answer is unknown
	 */
	List<Long> acquireAll(List<String> resources, long ttlMillis) {
		List<Long> fences = new ArrayList<>();
		acquireRest(resources, 0, ttlMillis, fences);
		return fences;
	}

	/** One call in the history for each resource, around the one that is made. */
	private Answer acquireRest(List<String> resources, int from, long ttlMillis, List<Long> fences) {
		if (from == resources.size()) {
			return lockAll(resources, fences);
		}
		String resource = resources.get(from);
		return this.recorder.call(new Asked(Operation.ACQUIRE, resource, this.locker, null, ttlMillis), () -> {
			Answer answer = acquireRest(resources, from + 1, ttlMillis, fences);
			return (answer.kind() == Kind.GRANTED) ? new Answer(Kind.GRANTED, this.locker, fences.get(from)) : answer;
		});
	}

	private Answer lockAll(List<String> resources, List<Long> fences) {
		if (!this.locks.lockAll(resources, this.locker)) {
			// One of them is in the way, and which one is not said. Others may have been
			// granted.
			return this.partitions ? Answer.UNKNOWN : new Answer(Kind.REFUSED, null, null);
		}
		for (String resource : resources) {
			Long fence = this.recorder.fence(resource);
			if (fence == null) {
				// The answer got lost once, and the event came another way.
				return Answer.UNKNOWN;
			}
			fences.add(fence);
		}
		return new Answer(Kind.GRANTED, this.locker, null);
	}

	/**
	 * Locks several resources, and writes nothing down.
	 * @param resources the resources
	 */
	void acquireUnrecorded(List<String> resources) {
		if (!this.locks.lockAll(resources, this.locker)) {
			throw new IllegalStateException("not free: " + resources);
		}
	}

	boolean refresh(LockHandle handle) {
		return done(Operation.REFRESH, handle.resource(), this.locker, handle.fence(), handle::refresh);
	}

	boolean refresh(String resource, @Nullable String by, @Nullable Long fence) {
		return done(Operation.REFRESH, resource, by, fence, () -> {
			if (by == null) {
				return this.locks.refresh(resource);
			}
			return (fence != null) ? this.locks.refresh(resource, by, fence) : this.locks.refresh(resource, by);
		});
	}

	/** Writes down that Locky refreshes a lock from now on, and may release it. */
	void renews(LockHandle handle) {
		this.recorder.note(new Asked(Operation.REFRESH, handle.resource(), this.locker, handle.fence(), 0));
		this.recorder.note(new Asked(Operation.RELEASE, handle.resource(), this.locker, handle.fence(), 0));
	}

	boolean release(LockHandle handle) {
		return release(handle, this.locker);
	}

	boolean release(LockHandle handle, String by) {
		return done(Operation.RELEASE, handle.resource(), by, handle.fence(), handle::release);
	}

	boolean release(String resource, @Nullable String by, @Nullable Long fence) {
		return done(Operation.RELEASE, resource, by, fence, () -> {
			if (by == null) {
				return this.locks.unlock(resource);
			}
			return (fence != null) ? this.locks.unlock(resource, by, fence) : this.locks.unlock(resource, by);
		});
	}

	boolean save(String resource, long fence, long value) {
		return done(Operation.SAVE, resource, this.locker, fence,
				() -> this.store.save(resource, fence, value, this.locker));
	}

	private boolean done(Operation operation, String resource, @Nullable String by, @Nullable Long fence,
			Question question) {
		Answer answer = this.recorder.call(new Asked(operation, resource, by, fence, 0),
				() -> new Answer(question.ask() ? Kind.DONE : Kind.REFUSED, null, null));
		return answer.kind() == Kind.DONE;
	}

	Answer find(String resource) {
		return this.recorder.call(new Asked(Operation.FIND, resource, null, null, 0), () -> {
			Optional<LockInfo> lock = this.locks.find(resource);
			return lock.map((held) -> answer(Kind.HELD, held)).orElse(new Answer(Kind.FREE, null, null));
		});
	}

	private static Answer answer(Kind kind, LockInfo lock) {
		return new Answer(kind, lock.locker(), (lock.fence() != 0) ? lock.fence() : null);
	}

	private interface Question {

		boolean ask();

	}

}
