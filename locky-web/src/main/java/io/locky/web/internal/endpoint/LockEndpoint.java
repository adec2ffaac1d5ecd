package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.locky.LockAttempt.Acquired;
import io.locky.LockAttempt.Denied;
import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockRequest;
import io.locky.LockRefresh;
import io.locky.LockyOperations;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;

/**
 * What the HTTP endpoints do with locks. Keeps nothing of a grant: each request of a page
 * may be answered by another instance.
 *
 * @since 0.1.0
 */
public final class LockEndpoint {

	private static final int HEARTBEATS_PER_TTL = 3;

	private final LockyOperations locks;

	private final LockAccessPolicy policy;

	private final LockAnswers answers;

	private final Duration ttl;

	private final HeartbeatLimit heartbeats;

	/**
	 * Creates the endpoint.
	 * @param locks where locks are taken
	 * @param policy who may do what
	 * @param answers what is told of holders
	 * @param ttl how long a lock is held unless the page beats
	 */
	public LockEndpoint(LockyOperations locks, LockAccessPolicy policy, LockAnswers answers, Duration ttl) {
		this.locks = locks;
		this.policy = policy;
		this.answers = answers;
		this.ttl = ttl;
		this.heartbeats = new HeartbeatLimit(ttl, System::nanoTime);
	}

	/**
	 * Takes a lock that is free.
	 * @param caller who will hold it
	 * @param body what to lock
	 * @return the grant
	 */
	public LockGrant acquire(LockCaller caller, AcquireBody body) {
		String resource = lockable(caller, body.resource());
		LockAttempt attempt = this.locks.tryLock(request(caller, resource, body.note()));
		if (attempt instanceof Denied denied && denied.lock() != null) {
			throw this.answers.locked(caller, denied.lock());
		}
		return grant(((Acquired) attempt).handle());
	}

	/**
	 * Prolongs a grant.
	 * @param caller who must hold it
	 * @param body which grant
	 * @return how long it is held now
	 */
	public LockBeat heartbeat(LockCaller caller, GrantBody body) {
		String resource = EndpointInput.resource(body.resource());
		long fence = EndpointInput.fence(body.fence());
		this.heartbeats.check(caller.locker(), resource, fence);
		LockRefresh refresh = this.locks.tryRefresh(resource, caller.locker(), fence);
		if (!refresh.held()) {
			throw ended(caller, resource);
		}
		return new LockBeat(resource, fence, LockAnswers.seconds(refresh.expiresIn()));
	}

	/**
	 * Gives a grant back. Does nothing if it has ended already.
	 * @param caller who must hold it
	 * @param body which grant
	 */
	public void release(LockCaller caller, GrantBody body) {
		String resource = EndpointInput.resource(body.resource());
		this.locks.unlock(resource, caller.locker(), EndpointInput.fence(body.fence()));
	}

	/**
	 * Gives a grant back that a form names, as a beacon sends it.
	 * @param caller who must hold it
	 * @param resource the field {@code resource}
	 * @param fence the field {@code fence}
	 */
	public void release(LockCaller caller, @Nullable String resource, @Nullable String fence) {
		release(caller, EndpointInput.grant(resource, fence));
	}

	/**
	 * Takes a lock over from one grant, and from no other. One's own, in another tab,
	 * needs no permission.
	 * @param caller who will hold it
	 * @param body which grant
	 * @return the new grant
	 */
	public LockGrant takeOver(LockCaller caller, TakeoverBody body) {
		String resource = lockable(caller, body.resource());
		long fence = EndpointInput.fence(body.fence());
		LockRequest request = request(caller, resource, body.note()).takeOverFrom(fence);
		LockInfo current = this.locks.find(resource).filter((lock) -> lock.fence() == fence).orElse(null);
		if (current == null) {
			throw ended(caller, resource);
		}
		if (!LockAnswers.isOwn(caller, current) && !this.policy.mayTakeOver(caller, current)) {
			throw EndpointProblem.forbidden("You may not take '%s' over.", resource);
		}
		if (this.locks.tryLock(request) instanceof Acquired acquired) {
			return grant(acquired.handle());
		}
		throw ended(caller, resource);
	}

	/**
	 * Tells who holds a lock.
	 * @param caller who asks
	 * @param resource what may be locked
	 * @return the state
	 */
	public LockState state(LockCaller caller, @Nullable String resource) {
		String name = EndpointInput.resource(resource);
		requireWatchable(caller, Set.of(name));
		return this.answers.state(caller, name, this.locks.find(name).orElse(null));
	}

	/**
	 * Tells who holds several locks.
	 * @param caller who asks
	 * @param body what may be locked
	 * @return the states, in the order of the question
	 */
	public LockStates states(LockCaller caller, QueryBody body) {
		Set<String> names = watchable(caller, body.resources());
		Map<String, LockInfo> held = this.locks.findAll(names);
		return new LockStates(names.stream().map((name) -> this.answers.state(caller, name, held.get(name))).toList());
	}

	/**
	 * Checks what a caller wants to watch.
	 * @param caller who asks
	 * @param resources what may be locked
	 * @return the names, each once
	 */
	Set<String> watchable(LockCaller caller, @Nullable List<@Nullable String> resources) {
		Set<String> names = EndpointInput.resources(resources);
		requireWatchable(caller, names);
		return names;
	}

	private void requireWatchable(LockCaller caller, Set<String> resources) {
		for (String resource : resources) {
			if (!this.policy.mayWatch(caller, resource)) {
				throw EndpointProblem.forbidden("You may not watch '%s'.", resource);
			}
		}
	}

	private String lockable(LockCaller caller, @Nullable String resource) {
		String name = EndpointInput.resource(resource);
		if (!this.policy.mayLock(caller, name)) {
			throw EndpointProblem.forbidden("You may not lock '%s'.", name);
		}
		return name;
	}

	private LockRequest request(LockCaller caller, String resource, @Nullable String note) {
		return EndpointInput.noted(LockRequest.of(resource).by(caller.locker()).ttl(this.ttl), note);
	}

	private LockGrant grant(LockHandle handle) {
		double length = this.ttl.toMillis() / 1000.0;
		return new LockGrant(handle.resource(), handle.locker(), handle.fence(), length, length / HEARTBEATS_PER_TTL);
	}

	private EndpointProblem ended(LockCaller caller, String resource) {
		return this.answers.ended(caller, resource, this.locks.find(resource).orElse(null));
	}

}
