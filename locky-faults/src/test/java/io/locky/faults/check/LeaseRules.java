package io.locky.faults.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What a lock with leases answers: for a state and a call with its answer, the state
 * after it, or that the answer is wrong.
 */
final class LeaseRules {

	private final Assumptions assumptions;

	private final long tolerance;

	/** The fences of answers that say who got them. */
	private final Set<Long> granted = new HashSet<>();

	/** Refreshes without an answer, which may have an effect at any time later. */
	private final Map<Object, List<Call>> refreshes = new HashMap<>();

	LeaseRules(Assumptions assumptions, Collection<Call> calls) {
		this.assumptions = assumptions;
		this.tolerance = assumptions.toleranceMillis() * 1_000_000;
		for (Call call : calls) {
			if (call.answer().kind() == Answer.Kind.GRANTED) {
				this.granted.add(ResourceHistory.fenceOf(call));
			}
			else if (isUnansweredRefresh(call)) {
				this.refreshes.computeIfAbsent(key(call.locker(), call.fence()), (key) -> new ArrayList<>()).add(call);
			}
		}
	}

	private static boolean isUnansweredRefresh(Call call) {
		return call.answer().kind() == Answer.Kind.UNKNOWN
				&& (call.operation() == Operation.REFRESH || call.operation() == Operation.REENTER);
	}

	private static Object key(@Nullable String locker, @Nullable Long fence) {
		return (fence != null) ? fence : String.valueOf(locker);
	}

	/** Whether an answer changes nothing and names no fence that is not known yet. */
	static boolean isRead(Call call) {
		return switch (call.answer().kind()) {
			case DENIED, REFUSED, HELD, FREE -> true;
			default -> false;
		};
	}

	/**
	 * The state after a call, which comes between its start and now.
	 * @param call the call with its answer
	 * @param state the state before it
	 * @param now an upper bound of the time of the call
	 * @return the state, or {@code null} if the answer is wrong
	 */
	@Nullable LockState after(Call call, LockState state, long now) {
		return switch (call.answer().kind()) {
			case GRANTED -> granted(call, state, now);
			case DENIED -> state.isFree() ? deniedFree(call, state) : denied(call, state);
			case DONE -> done(call, state, now);
			case UNKNOWN -> withoutAnswer(call, state, now);
			default -> read(call, state);
		};
	}

	private @Nullable LockState read(Call call, LockState state) {
		return switch (call.answer().kind()) {
			case HELD -> isHeld(call, state) ? named(call, state) : null;
			case FREE -> state.isFree() ? state : null;
			default -> refused(call, state) ? state : null;
		};
	}

	/** A lease is over at its end. */
	boolean mayEnd(LockState state, long now) {
		if (state.isFree() || state.ttlNanos() == 0) {
			return false;
		}
		return this.assumptions.clockJumps() || state.end() - this.tolerance <= now;
	}

	private boolean isHeld(Call call, LockState state) {
		if (state.isFree()) {
			return false;
		}
		return this.assumptions.clockJumps() || state.ttlNanos() == 0 || state.latest() == LockState.EVER
				|| call.calledNanos() <= state.latest() + state.ttlNanos() + this.tolerance || mayBeRefreshed(state);
	}

	private boolean mayBeRefreshed(LockState state) {
		return this.refreshes.containsKey(state.fence()) || this.refreshes.containsKey("null")
				|| this.refreshes.containsKey(String.valueOf(state.holder()));
	}

	private @Nullable LockState granted(Call call, LockState state, long now) {
		Long fence = call.answer().fence();
		if (call.operation() == Operation.REENTER && isHeld(call, state)) {
			LockState entered = bound(state, call.locker(), fence);
			return (entered != null) ? entered.refreshed(longer(call, state), call.calledNanos(), now) : null;
		}
		return mayBeGranted(call, state) ? grant(call, state, (fence != null) ? fence : 0, now) : null;
	}

	private boolean mayBeGranted(Call call, LockState state) {
		if (call.operation() != Operation.TAKE_OVER) {
			return state.isFree();
		}
		return call.fence() == null || (isHeld(call, state) && bound(state, null, call.fence()) != null);
	}

	private static LockState grant(Call call, LockState before, long fence, long now) {
		return new LockState(Objects.requireNonNullElse(call.locker(), ""), fence, nanos(call.ttlMillis()),
				call.answer().kind() == Answer.Kind.UNKNOWN, Math.max(call.calledNanos(), before.earliest()), now);
	}

	private static long longer(Call call, LockState state) {
		long ttl = nanos(call.ttlMillis());
		return (ttl == 0 || state.ttlNanos() == 0) ? 0 : Math.max(ttl, state.ttlNanos());
	}

	/** A grant that is to be taken over may be gone, or the lock kept for a waiter. */
	private @Nullable LockState deniedFree(Call call, LockState state) {
		Answer answer = call.answer();
		if (answer.locker() != null || answer.fence() != null) {
			return null;
		}
		return (expects(call) || this.assumptions.waiters()) ? state : null;
	}

	private @Nullable LockState denied(Call call, LockState state) {
		boolean isInTheWay = switch (call.operation()) {
			case ACQUIRE -> true;
			case REENTER -> !Objects.equals(call.locker(), state.holder());
			default -> expects(call) && !Objects.equals(call.fence(), state.fence());
		};
		return (isInTheWay && isHeld(call, state)) ? named(call, state) : null;
	}

	private static boolean expects(Call call) {
		return call.operation() == Operation.TAKE_OVER && call.fence() != null;
	}

	private @Nullable LockState done(Call call, LockState state, long now) {
		LockState owned = isHeld(call, state) ? bound(state, call.locker(), call.fence()) : null;
		LockState named = (owned != null) ? named(call, owned) : null;
		if (named == null) {
			return null;
		}
		return (call.operation() == Operation.RELEASE) ? named.freed(call.calledNanos())
				: named.refreshed(named.ttlNanos(), call.calledNanos(), now);
	}

	private static boolean refused(Call call, LockState state) {
		// A request for several locks that does not say which of them was in the way.
		if (state.isFree() || ResourceHistory.isAttempt(call)) {
			return true;
		}
		boolean other = call.locker() != null && !call.locker().equals(state.holder());
		return other || (call.fence() != null && (state.fence() == 0 || state.fence() != call.fence()));
	}

	private @Nullable LockState withoutAnswer(Call call, LockState state, long now) {
		return switch (call.operation()) {
			case ACQUIRE, REENTER -> state.isFree() ? grant(call, state, 0, now) : null;
			case TAKE_OVER -> mayBeGranted(call, state) ? grant(call, state, 0, now) : null;
			case RELEASE -> {
				LockState owned = state.isFree() ? null : bound(state, call.locker(), call.fence());
				yield (owned != null) ? owned.freed(call.calledNanos()) : null;
			}
			default -> null;
		};
	}

	/** The state, if it is that which the answer names. */
	private @Nullable LockState named(Call call, LockState state) {
		return bound(state, call.answer().locker(), call.answer().fence());
	}

	/** The state, if the locker and the fence can be those of its grant. */
	private @Nullable LockState bound(LockState state, @Nullable String locker, @Nullable Long fence) {
		if (locker != null && !locker.equals(state.holder())) {
			return null;
		}
		if (fence == null || fence == state.fence()) {
			return state;
		}
		return (state.fence() == 0 && !this.granted.contains(fence)) ? state.withFence(fence) : null;
	}

	/** A state that an answer leaves behind whatever was before. */
	static LockState forced(Call call, long now) {
		Answer answer = call.answer();
		return switch (answer.kind()) {
			case GRANTED -> grant(call, LockState.FIRST, ResourceHistory.fenceOf(call), now);
			case DENIED, HELD -> held(answer.locker(), answer.fence());
			case DONE -> (call.operation() == Operation.RELEASE) ? LockState.FIRST : held(call.locker(), call.fence());
			default -> LockState.FIRST;
		};
	}

	private static LockState held(@Nullable String locker, @Nullable Long fence) {
		return (locker == null) ? LockState.FIRST
				: new LockState(locker, (fence != null) ? fence : 0, 1, true, -LockState.EVER, LockState.EVER);
	}

	private static long nanos(long millis) {
		return millis * 1_000_000;
	}

}
