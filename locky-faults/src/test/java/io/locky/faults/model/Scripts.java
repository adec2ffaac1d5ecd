package io.locky.faults.model;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.locky.faults.model.Redis.Grant;
import io.locky.faults.model.State.Client;
import io.locky.faults.model.State.Operation;
import io.locky.faults.model.State.Request;
import org.jspecify.annotations.Nullable;

/**
 * What the scripts do when a request arrives: {@code acquire.lua}, {@code release.lua}
 * and {@code refresh.lua}, for one resource.
 */
final class Scripts {

	/** The bit that makes the id of a release from that of the attempt that it undoes. */
	static final int UNDO = 64;

	private static final Answer NO = new Answer(0, null, null);

	private static final Answer YES = new Answer(1, null, null);

	private final @Nullable Bug bug;

	Scripts(@Nullable Bug bug) {
		this.bug = bug;
	}

	/**
	 * Runs a request.
	 * @param state the state, which this changes
	 * @param request the request
	 * @return the answer
	 */
	Answer run(State state, Request request) {
		Redis before = state.redis.copy();
		Answer answer = switch (request.operation()) {
			case ACQUIRE, TAKE_OVER, CHECK -> acquire(state, request);
			case RELEASE, UNLOCK, UNDO -> release(state, request);
			case REFRESH -> refresh(state, request);
		};
		if (state.failoversLeft > 0 && !isSame(before, state.redis)) {
			state.replica = before;
		}
		return answer;
	}

	private static boolean isSame(Redis one, Redis other) {
		StringBuilder first = new StringBuilder();
		StringBuilder second = new StringBuilder();
		one.encode(first);
		other.encode(second);
		return first.compareTo(second) == 0;
	}

	private Answer acquire(State state, Request request) {
		Redis redis = state.redis;
		Grant held = redis.held();
		boolean kept = isKept(held, request);
		boolean barred = isBarred(redis.kept.get(request.id()), request);
		bar(redis, request, kept);
		if (kept) {
			return new Answer(1, held, null);
		}
		if (request.operation() == Operation.CHECK || barred) {
			return NO;
		}
		return (held == null || replaces(request)) ? grant(state, request) : deny(state, request, held);
	}

	private boolean isKept(@Nullable Grant held, Request request) {
		return held != null && held.attempt() == request.id() && this.bug != Bug.ACQUIRE_WITHOUT_ATTEMPT_ID;
	}

	private boolean replaces(Request request) {
		return request.operation() == Operation.TAKE_OVER || this.bug == Bug.GRANTS_WHAT_IS_HELD;
	}

	private boolean isBarred(@Nullable Integer known, Request request) {
		if (known == null || this.bug == Bug.LATE_SENDING_IS_GRANTED) {
			return false;
		}
		return known == Redis.ENDED || request.sending() == 1;
	}

	private void bar(Redis redis, Request request, boolean kept) {
		boolean ends = request.operation() == Operation.CHECK && this.bug != Bug.CHECK_ENDS_THE_FIRST_SENDING_ONLY;
		if (ends) {
			redis.keep(request.id(), Redis.ENDED);
		}
		else if (request.sending() != 1 && !kept) {
			redis.keep(request.id(), Math.min(Redis.BARRED, redis.kept.getOrDefault(request.id(), 0)));
		}
	}

	private Answer deny(State state, Request request, Grant held) {
		if (this.bug == Bug.DENIED_ATTEMPT_WRITES) {
			state.redis.record = new Grant(request.client(), held.fence(), request.id(), held.number());
		}
		if (!held.equals(state.redis.record)) {
			state.breaks(Promise.FAILED_ATTEMPT_CHANGES_NOTHING);
		}
		return NO;
	}

	private Answer grant(State state, Request request) {
		Redis redis = state.redis;
		Grant expired = (this.bug != Bug.NO_EXPIRY_ON_ACQUIRE) ? redis.expired() : null;
		if (expired != null) {
			redis.claim(expired, state.isUp(request.client()) ? state.runs[request.client()] : -1);
		}
		Grant held = redis.held();
		if (held != null && request.operation() == Operation.TAKE_OVER) {
			state.live &= ~State.bit(held);
		}
		redis.lastFence = nextFence(state);
		redis.key = true;
		redis.record = new Grant(request.client(), redis.lastFence, request.id(), state.grants);
		state.live |= State.bit(redis.record);
		if (Integer.bitCount(state.live) > 1) {
			state.breaks(Promise.AT_MOST_ONE_HOLDER);
		}
		requireUnderWay(state, request);
		return new Answer(1, redis.record, expired);
	}

	/** The clock has moved on since the grant before. */
	private int nextFence(State state) {
		state.grants++;
		int clock = (this.bug == Bug.FENCE_FROM_COUNTER) ? 0 : state.grants;
		int fence = Math.max(state.redis.lastFence + 1, clock);
		if (fence <= state.highestFence) {
			state.breaks(Promise.FENCE_RISES_WITH_EACH_GRANT);
		}
		state.highestFence = Math.max(fence, state.highestFence);
		return fence;
	}

	private Answer release(State state, Request request) {
		Redis redis = state.redis;
		Integer known = redis.kept.get(request.id());
		if (known != null && this.bug != Bug.RELEASE_KEEPS_NO_ANSWER) {
			return new Answer(known, null, null);
		}
		if (request.sending() == 3) {
			redis.keep(request.id(), Redis.BARRED);
			return new Answer(Redis.BARRED, null, null);
		}
		Grant held = redis.held();
		if (held == null || !owns(request, held, Bug.RELEASE_WITHOUT_OWNER)) {
			redis.keep(request.id(), 0);
			return NO;
		}
		redis.keep(request.id(), 1);
		requireOwner(state, request, held);
		requireUnderWay(state, request);
		if (state.effects.contains(request.id())) {
			state.breaks(Promise.OPERATION_TAKES_EFFECT_ONCE);
		}
		state.effects = Stream.concat(state.effects.stream(), Stream.of(request.id())).sorted().toList();
		state.live &= ~State.bit(held);
		redis.record = null;
		redis.key = false;
		return YES;
	}

	private Answer refresh(State state, Request request) {
		Grant held = state.redis.held();
		if (held == null || !owns(request, held, Bug.REFRESH_WITHOUT_OWNER)) {
			return NO;
		}
		requireOwner(state, request, held);
		return YES;
	}

	private boolean owns(Request request, Grant held, Bug ignoring) {
		return request.operation() == Operation.UNLOCK || request.fence() == held.fence() || this.bug == ignoring;
	}

	private static void requireOwner(State state, Request request, Grant held) {
		if (request.operation() != Operation.UNLOCK && request.number() != held.number()) {
			state.breaks(Promise.STALE_HANDLE_CHANGES_NOTHING);
		}
	}

	/** The client has not got an answer to this operation, and has not given it up. */
	private static void requireUnderWay(State state, Request request) {
		Client client = state.clients[request.client()];
		boolean undone = client.operation() == Operation.UNDO && request.operation() != Operation.UNDO;
		if (client.operation() == null || client.id() != request.id() || undone) {
			state.breaks(Promise.OPERATION_TAKES_EFFECT_ONCE);
		}
	}

	/**
	 * An answer.
	 *
	 * @param result 1 for yes, 0 for no, {@link Redis#BARRED} for an operation that has
	 * not run and never will
	 * @param grant the grant of an attempt, or {@code null} if it was denied
	 * @param found the expiry that was found on the way, or {@code null} if there was
	 * none
	 */
	record Answer(int result, @Nullable Grant grant, @Nullable Grant found) {

		Grant granted() {
			return Objects.requireNonNull(this.grant);
		}

		List<Grant> foundExpiries() {
			return (this.found != null) ? List.of(this.found) : List.of();
		}

	}

}
