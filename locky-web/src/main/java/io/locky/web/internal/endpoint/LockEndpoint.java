package io.locky.web.internal.endpoint;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockOptions;
import io.locky.LockRequest;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.LockLimits;
import io.locky.web.internal.endpoint.EndpointLocks.Attempt;
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
 * <p>
 * The methods call the policy in the calling thread and in the threads of the stages of
 * {@link EndpointLocks}, which may block. An operation that is refused throws an
 * {@link EndpointProblem}, or its stage completes with one.
 */
public final class LockEndpoint {

	private static final int HEARTBEATS_PER_TTL = 3;

	private static final int MOST_QUERIED = 500;

	private final EndpointLocks locks;

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
	public LockEndpoint(EndpointLocks locks, LockAccessPolicy policy, LockAnswers answers, EndpointSettings settings,
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
	public CompletionStage<LockGrant> acquire(LockCaller caller, AcquireBody body) {
		this.limits.admit(caller);
		String resource = lockable(caller, body.resource());
		LockRequest request = request(caller, resource, body.note(), body.page(), body.ttl());
		return this.limits.lock(caller, resource, () -> this.locks.tryLock(request)).thenApply((attempt) -> {
			if (!attempt.isGranted()) {
				throw locked(caller, resource, attempt.lock());
			}
			return grant(request, attempt);
		});
	}

	/**
	 * Extends the lease of a grant.
	 * @param caller the holder
	 * @param body the grant, and whether its holder is idle
	 * @return the lease
	 */
	public CompletionStage<LockLease> heartbeat(LockCaller caller, HeartbeatBody body) {
		this.limits.admit(caller);
		String resource = EndpointInput.resource(body.resource());
		long fence = EndpointInput.fence(body.fence());
		Duration idle = EndpointInput.idle(body.idle());
		this.heartbeats.check(caller.locker(), resource, fence);
		return this.locks.tryRefresh(resource, caller.locker(), fence, idle)
			.thenCompose((refresh) -> refresh.held()
					? completed(new LockLease(resource, fence, LockAnswers.seconds(refresh.expiresIn())))
					: ended(caller, resource));
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
	 * @return whether it held the lock
	 */
	public CompletionStage<Boolean> release(LockCaller caller, GrantBody body) {
		String resource = EndpointInput.resource(body.resource());
		return this.locks.unlock(resource, caller.locker(), EndpointInput.fence(body.fence()));
	}

	/**
	 * Takes a lock over from one grant, and from no other. A lock of the caller's own, in
	 * another tab, needs no permission; it may be the grant that an earlier request of
	 * this page got.
	 * @param caller the future holder
	 * @param body the grant to take over
	 * @return the new grant
	 */
	public CompletionStage<LockGrant> takeOver(LockCaller caller, TakeoverBody body) {
		this.limits.admit(caller);
		String resource = lockable(caller, body.resource());
		long fence = EndpointInput.fence(body.fence());
		LockRequest request = request(caller, resource, body.note(), body.page(), body.ttl()).takeOverFrom(fence);
		return this.locks.find(resource)
			.thenCompose((current) -> takeOver(caller, current.orElse(null), request, fence))
			.thenCompose(
					(attempt) -> attempt.isGranted() ? completed(grant(request, attempt)) : ended(caller, resource));
	}

	/**
	 * Hands a lock over to a caller who may lock it.
	 * @param caller the future holder
	 * @param body what to lock
	 * @param claim claims the lock, and may block
	 * @return the new grant
	 */
	CompletionStage<LockGrant> claim(LockCaller caller, AcquireBody body, Function<LockRequest, LockAttempt> claim) {
		String resource = lockable(caller, body.resource());
		LockRequest request = request(caller, resource, body.note(), body.page(), body.ttl());
		return this.limits
			.lock(caller, resource, () -> BlockingEndpointLocks.call(() -> Attempt.of(claim.apply(request))))
			.thenCompose((attempt) -> {
				if (attempt.isGranted()) {
					return completed(grant(request, attempt));
				}
				LockInfo lock = attempt.lock();
				if (lock == null || LockAnswers.isOwn(caller, lock)) {
					return ended(caller, resource);
				}
				throw locked(caller, resource, lock);
			});
	}

	/**
	 * Counts a request of a caller.
	 * @param caller the caller
	 * @throws EndpointProblem if there were too many
	 */
	void admit(LockCaller caller) {
		this.limits.admit(caller);
	}

	private CompletionStage<Attempt> takeOver(LockCaller caller, @Nullable LockInfo current, LockRequest request,
			long fence) {
		String resource = request.resource();
		if (current == null) {
			return ended(caller, resource);
		}
		if (LockAnswers.isOwn(caller, current)) {
			return this.locks.tryLock(request);
		}
		if (current.fence() != fence) {
			return ended(caller, resource);
		}
		if (this.policy.mayTakeOver(caller, current)) {
			return this.limits.lock(caller, resource, () -> this.locks.tryLock(request));
		}
		Duration idle = this.policy.takeOverFromIdle(caller, current);
		if (idle == null) {
			throw EndpointProblem.forbidden("You may not take '%s' over.", resource);
		}
		return this.limits.lock(caller, resource, () -> this.locks.tryLock(request.onlyIfIdle(idle)))
			.thenApply((attempt) -> {
				if (attempt.lock() != null && attempt.lock().fence() == fence) {
					throw locked(caller, resource, attempt.lock());
				}
				return attempt;
			});
	}

	/**
	 * Returns who holds a lock.
	 * @param caller the caller
	 * @param query the query of the request, or {@code null}, with the field
	 * {@code resource}
	 * @return the state
	 */
	public CompletionStage<LockState> state(LockCaller caller, @Nullable String query) {
		this.limits.admit(caller);
		String name = EndpointInput.resource(FormFields.single(FormFields.read(query), "resource"));
		requireWatchable(caller, Set.of(name));
		return this.locks.find(name).thenApply((lock) -> this.answers.state(caller, name, lock.orElse(null)));
	}

	/**
	 * Returns who holds several locks.
	 * @param caller the caller
	 * @param body the resources
	 * @return the states, in the order of the request
	 */
	public CompletionStage<LockStates> states(LockCaller caller, QueryBody body) {
		this.limits.admit(caller);
		Set<String> names = EndpointInput.resources(body.resources(), MOST_QUERIED);
		requireWatchable(caller, names);
		return this.locks.findAll(names).thenApply((held) -> states(caller, names, held));
	}

	private LockStates states(LockCaller caller, Set<String> names, Map<String, LockInfo> held) {
		return new LockStates(names.stream().map((name) -> this.answers.state(caller, name, held.get(name))).toList());
	}

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

	private static LockGrant grant(LockRequest request, Attempt attempt) {
		LockOptions options = request.options();
		double length = Objects.requireNonNull(LockAnswers.seconds(options.ttl()));
		return new LockGrant(request.resource(), request.locker(), attempt.fence(), length, length / HEARTBEATS_PER_TTL,
				LockAnswers.seconds(options.maxHold()));
	}

	private EndpointProblem locked(LockCaller caller, String resource, @Nullable LockInfo lock) {
		return this.answers.locked(caller, resource, (lock != null && isShown(caller, lock)) ? lock : null);
	}

	/** Fails, whatever the result would have been. */
	private <T> CompletionStage<T> ended(LockCaller caller, String resource) {
		return this.locks.find(resource).thenApply((found) -> {
			LockInfo current = found.orElse(null);
			boolean isShown = (current != null) ? isShown(caller, current) : this.policy.mayWatch(caller, resource);
			throw isShown ? this.answers.ended(caller, resource, current) : this.answers.ended(resource);
		});
	}

	/** A caller may see a lock of its own, and those that it may watch. */
	private boolean isShown(LockCaller caller, LockInfo lock) {
		return LockAnswers.isOwn(caller, lock) || this.policy.mayWatch(caller, lock.resource());
	}

	private static <T> CompletionStage<T> completed(T value) {
		return CompletableFuture.completedFuture(value);
	}

}
