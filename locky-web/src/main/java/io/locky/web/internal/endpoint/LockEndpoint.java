package io.locky.web.internal.endpoint;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

import io.locky.LockAttempt;
import io.locky.LockAttempt.Acquired;
import io.locky.LockAttempt.Denied;
import io.locky.LockHandle;
import io.locky.LockInfo;
import io.locky.LockOptions;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.LockLimits;
import io.locky.web.internal.endpoint.EndpointMessages.AcquireBody;
import io.locky.web.internal.endpoint.EndpointMessages.AskedLease;
import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointMessages.HeartbeatBody;
import io.locky.web.internal.endpoint.EndpointMessages.LockGrant;
import io.locky.web.internal.endpoint.EndpointMessages.LockLease;
import io.locky.web.internal.endpoint.EndpointMessages.LockState;
import io.locky.web.internal.endpoint.EndpointMessages.LockStates;
import io.locky.web.internal.endpoint.EndpointMessages.QueryBody;
import io.locky.web.internal.endpoint.EndpointMessages.TakeoverBody;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the HTTP endpoints. Keeps no state of a grant: any instance may serve
 * the next request of a page.
 */
public final class LockEndpoint {

	private static final int HEARTBEATS_PER_TTL = 3;

	private static final int MOST_QUERIED = 500;

	private final LockyOperations locks;

	private final LockAccessPolicy policy;

	private final LockAnswers answers;

	private final EndpointSettings settings;

	private final HeartbeatLimit heartbeats;

	private final CallerLimits limits;

	private final @Nullable HandoverViews handovers;

	/**
	 * Creates the endpoint.
	 * @param locks the locks
	 * @param policy decides who may do what
	 * @param answers what to show of holders
	 * @param settings the limits of requests
	 * @param limits the limits of callers
	 * @param handovers the requests to holders, or {@code null} if there are none
	 */
	public LockEndpoint(LockyOperations locks, LockAccessPolicy policy, LockAnswers answers, EndpointSettings settings,
			LockLimits limits, @Nullable HandoverViews handovers) {
		this.locks = locks;
		this.policy = policy;
		this.answers = answers;
		this.settings = settings;
		this.heartbeats = new HeartbeatLimit(settings.ttl(), System::nanoTime);
		this.limits = new CallerLimits(locks, limits, System::nanoTime);
		this.handovers = handovers;
	}

	/**
	 * Returns the caller of a request.
	 * @param locker what the {@link io.locky.LockerResolver LockerResolver} returned, or
	 * {@code null}
	 * @param principal the authenticated user, or {@code null}
	 * @return the caller
	 * @throws EndpointProblem if the request has no locker, or one that cannot be used
	 */
	public static LockCaller caller(@Nullable Object locker, @Nullable Principal principal) {
		if (locker == null || locker.toString().isBlank()) {
			throw EndpointProblem.unauthenticated();
		}
		return new LockCaller(EndpointInput.locker(locker), principal);
	}

	/**
	 * Acquires a lock that is free.
	 * @param caller the future holder
	 * @param body what to lock
	 * @return the grant
	 */
	public LockGrant acquire(LockCaller caller, AcquireBody body) {
		this.limits.admit(caller);
		String resource = lockable(caller, body.resource());
		LockRequest request = request(caller, resource, body.note(), body.page(), body.ttl());
		LockAttempt attempt = this.limits.lock(caller, resource, () -> this.locks.tryLock(request));
		if (attempt instanceof Acquired acquired) {
			return grant(acquired.handle(), request.options());
		}
		LockInfo lock = ((Denied) attempt).lock();
		throw this.answers.locked(caller, resource, (lock != null && isShown(caller, lock)) ? lock : null);
	}

	/**
	 * Extends the lease of a grant.
	 * @param caller the holder
	 * @param body the grant, and whether its holder is idle
	 * @return the lease
	 */
	public LockLease heartbeat(LockCaller caller, HeartbeatBody body) {
		this.limits.admit(caller);
		String resource = EndpointInput.resource(body.resource());
		long fence = EndpointInput.fence(body.fence());
		Duration idle = EndpointInput.idle(body.idle());
		this.heartbeats.check(caller.locker(), resource, fence);
		LockRefresh refresh = (idle != null) ? this.locks.tryRefresh(resource, caller.locker(), fence, idle)
				: this.locks.tryRefresh(resource, caller.locker(), fence);
		if (!refresh.held()) {
			throw ended(caller, resource);
		}
		return new LockLease(resource, fence, LockAnswers.seconds(refresh.expiresIn()));
	}

	/**
	 * The answer to a heartbeat.
	 * @param caller the holder
	 * @param lease the lease
	 * @return the lease, with the requests to this grant where there may be some
	 */
	public Object answer(LockCaller caller, LockLease lease) {
		return (this.handovers != null) ? new AskedLease(lease.resource(), lease.fence(), lease.expiresIn(),
				this.handovers.open(caller, lease.resource(), lease.fence())) : lease;
	}

	/**
	 * Releases a grant. Does nothing if it has ended already. Never refused for a limit:
	 * it frees something.
	 * @param caller the holder
	 * @param body the grant
	 */
	public void release(LockCaller caller, GrantBody body) {
		String resource = EndpointInput.resource(body.resource());
		this.locks.unlock(resource, caller.locker(), EndpointInput.fence(body.fence()));
	}

	/**
	 * Takes a lock over from one grant, and from no other. A lock of the caller's own, in
	 * another tab, needs no permission; it may be the grant that an earlier request of
	 * this page got.
	 * @param caller the future holder
	 * @param body the grant to take over
	 * @return the new grant
	 */
	public LockGrant takeOver(LockCaller caller, TakeoverBody body) {
		this.limits.admit(caller);
		String resource = lockable(caller, body.resource());
		long fence = EndpointInput.fence(body.fence());
		LockRequest request = request(caller, resource, body.note(), body.page(), body.ttl()).takeOverFrom(fence);
		LockInfo current = this.locks.find(resource).orElse(null);
		if (current == null) {
			throw ended(caller, resource);
		}
		LockAttempt attempt = LockAnswers.isOwn(caller, current) ? this.locks.tryLock(request)
				: takeOver(caller, current, request, fence);
		if (attempt instanceof Acquired acquired) {
			return grant(acquired.handle(), request.options());
		}
		throw ended(caller, resource);
	}

	/**
	 * Hands a lock over to a caller who may lock it.
	 * @param caller the future holder
	 * @param body what to lock
	 * @param claim claims the lock
	 * @return the new grant
	 */
	LockGrant claim(LockCaller caller, AcquireBody body, Function<LockRequest, LockAttempt> claim) {
		String resource = lockable(caller, body.resource());
		LockRequest request = request(caller, resource, body.note(), body.page(), body.ttl());
		LockAttempt attempt = this.limits.lock(caller, resource, () -> claim.apply(request));
		if (attempt instanceof Acquired acquired) {
			return grant(acquired.handle(), request.options());
		}
		LockInfo lock = ((Denied) attempt).lock();
		if (lock == null || LockAnswers.isOwn(caller, lock)) {
			throw ended(caller, resource);
		}
		throw this.answers.locked(caller, resource, isShown(caller, lock) ? lock : null);
	}

	void admit(LockCaller caller) {
		this.limits.admit(caller);
	}

	private LockAttempt takeOver(LockCaller caller, LockInfo current, LockRequest request, long fence) {
		if (current.fence() != fence) {
			throw ended(caller, current.resource());
		}
		if (this.policy.mayTakeOver(caller, current)) {
			return this.limits.lock(caller, current.resource(), () -> this.locks.tryLock(request));
		}
		Duration idle = this.policy.takeOverFromIdle(caller, current);
		if (idle == null) {
			throw EndpointProblem.forbidden("You may not take '%s' over.", current.resource());
		}
		LockAttempt attempt = this.limits.lock(caller, current.resource(),
				() -> this.locks.tryLock(request.onlyIfIdle(idle)));
		if (attempt instanceof Denied denied && denied.lock() != null && denied.lock().fence() == fence) {
			throw this.answers.locked(caller, current.resource(),
					isShown(caller, denied.lock()) ? denied.lock() : null);
		}
		return attempt;
	}

	/**
	 * Returns who holds a lock.
	 * @param caller the caller
	 * @param query the query of the request, or {@code null}, with the field
	 * {@code resource}
	 * @return the state
	 */
	public LockState state(LockCaller caller, @Nullable String query) {
		this.limits.admit(caller);
		String name = EndpointInput.resource(FormFields.single(FormFields.read(query), "resource"));
		requireWatchable(caller, Set.of(name));
		return this.answers.state(caller, name, this.locks.find(name).orElse(null));
	}

	/**
	 * Returns who holds several locks.
	 * @param caller the caller
	 * @param body the resources
	 * @return the states, in the order of the request
	 */
	public LockStates states(LockCaller caller, QueryBody body) {
		this.limits.admit(caller);
		Set<String> names = EndpointInput.resources(body.resources(), MOST_QUERIED);
		requireWatchable(caller, names);
		Map<String, LockInfo> held = this.locks.findAll(names);
		return new LockStates(names.stream().map((name) -> this.answers.state(caller, name, held.get(name))).toList());
	}

	/**
	 * Counts a request of a caller.
	 * @param caller the caller
	 * @throws EndpointProblem if there were too many
	 */
	/**
	 * Checks that a caller may watch resources.
	 * @param caller the caller
	 * @param resources the resources
	 * @return the names, without duplicates
	 */
	Set<String> watchable(LockCaller caller, @Nullable List<@Nullable String> resources) {
		this.limits.admit(caller);
		Set<String> names = EndpointInput.resources(resources, this.settings.maxWatched());
		requireWatchable(caller, names);
		return names;
	}

	boolean maySeePresence(LockCaller caller, String resource) {
		return this.policy.maySeePresence(caller, resource);
	}

	boolean mayWatch(LockCaller caller, String resource) {
		return this.policy.mayWatch(caller, resource);
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

	private LockRequest request(LockCaller caller, String resource, @Nullable String note, @Nullable String page,
			@Nullable Double ttl) {
		Duration allowed = this.policy.ttl(caller, resource, EndpointInput.ttl(ttl));
		Duration maxHold = this.policy.maxHold(caller, resource);
		LockRequest request = LockRequest.of(resource)
			.by(caller.locker())
			.ttl((allowed != null) ? allowed : this.settings.ttl());
		LockRequest bounded = (maxHold != null) ? request.maxHold(maxHold) : request;
		return EndpointInput.ofPage(EndpointInput.noted(bounded, note), page);
	}

	private static LockGrant grant(LockHandle handle, LockOptions options) {
		double length = Objects.requireNonNull(LockAnswers.seconds(options.ttl()));
		return new LockGrant(handle.resource(), handle.locker(), handle.fence(), length, length / HEARTBEATS_PER_TTL,
				LockAnswers.seconds(options.maxHold()));
	}

	private EndpointProblem ended(LockCaller caller, String resource) {
		LockInfo current = this.locks.find(resource).orElse(null);
		boolean isShown = (current != null) ? isShown(caller, current) : this.policy.mayWatch(caller, resource);
		return isShown ? this.answers.ended(caller, resource, current) : this.answers.ended(resource);
	}

	/** A caller may see a lock of its own, and those that it may watch. */
	private boolean isShown(LockCaller caller, LockInfo lock) {
		return LockAnswers.isOwn(caller, lock) || this.policy.mayWatch(caller, lock.resource());
	}

}
