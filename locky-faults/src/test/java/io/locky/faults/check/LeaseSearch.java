package io.locky.faults.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a legal order of the calls on one resource, in which each call comes between
 * its start and its end (Wing and Gong), as late as possible (Lowe, "just in time"): the
 * search goes through the history in time, and only when a call ends, it adds what must
 * come before that call. At any time it has all states that the lock may be in. When a
 * call ends that is right in none of them, the history is wrong.
 */
final class LeaseSearch {

	/** More steps than a right history of a hundred thousand calls needs. */
	private static final int MOST_STEPS = 20_000_000;

	private static final int MOST_STATES = 20_000;

	private final ResourceHistory resource;

	private final Assumptions assumptions;

	private final LeaseRules rules;

	private final UnansweredCalls unanswered;

	/** Grants in the order of their fences, in which they come if fences rise. */
	private final List<OpenCall> grants;

	private final List<OpenCall> calls;

	private final Set<OpenCall> open = new LinkedHashSet<>();

	private final BitSet slots = new BitSet();

	private final List<Violation> violations = new ArrayList<>();

	/** Whether calls without an answer are tried where others explain an answer, too. */
	private final boolean thorough;

	private Configurations states = new Configurations();

	private int firstOpenGrant;

	private int steps;

	private LeaseSearch(ResourceHistory resource, List<Call> unfinished, Assumptions assumptions, boolean fencesRise,
			boolean thorough) {
		this.thorough = thorough;
		this.resource = resource;
		this.assumptions = assumptions;
		List<Call> all = new ArrayList<>(resource.calls());
		all.removeIf((call) -> call.operation() == Operation.SAVE);
		all.addAll(unfinished);
		all.sort(Comparator.comparingLong(Call::calledNanos));
		this.rules = new LeaseRules(assumptions, all);
		this.unanswered = new UnansweredCalls(all);
		this.calls = all.stream().map((call) -> new OpenCall(call, assumptions.answersLost())).toList();
		this.grants = fencesRise ? this.calls.stream()
			.filter((call) -> call.call().answer().kind() == Answer.Kind.GRANTED && fence(call) != 0)
			.sorted(Comparator.comparingLong(LeaseSearch::fence))
			.toList() : List.of();
	}

	/**
	 * Checks the calls on a resource. Calls without an answer can mostly wait until
	 * nothing else explains an answer: only what seems wrong then is looked at
	 * thoroughly.
	 * @param resource its calls
	 * @param unfinished calls that may have been under way when their processes died
	 * @param assumptions what may break
	 * @param fencesRise whether grants come in the order of their fences
	 * @return what is wrong
	 */
	static List<Violation> check(ResourceHistory resource, List<Call> unfinished, Assumptions assumptions,
			boolean fencesRise) {
		List<Violation> found = new LeaseSearch(resource, unfinished, assumptions, fencesRise, false).run();
		return found.isEmpty() ? found : new LeaseSearch(resource, unfinished, assumptions, fencesRise, true).run();
	}

	private static long fence(OpenCall call) {
		return ResourceHistory.fenceOf(call.call());
	}

	private List<Violation> run() {
		this.states.add(new Configuration(this.unanswered.groups()));
		List<OpenCall> ends = this.calls.stream()
			.filter((call) -> call.call().answer().kind() != Answer.Kind.UNKNOWN)
			.sorted(Comparator.comparingLong((call) -> call.call().answeredNanos()))
			.toList();
		int next = 0;
		for (OpenCall end : ends) {
			long now = end.call().answeredNanos();
			while (next < this.calls.size() && this.calls.get(next).call().calledNanos() <= now) {
				begin(this.calls.get(next++));
			}
			if (!end(end, now)) {
				this.violations.add(this.resource.violation(Kind.UNDECIDED,
						"given up after %d steps at %s".formatted(this.steps, ResourceHistory.text(end.call())),
						end.call().answeredNanos()));
				return this.violations;
			}
		}
		return this.violations;
	}

	private void begin(OpenCall call) {
		if (call.call().answer().kind() == Answer.Kind.UNKNOWN) {
			this.unanswered.begin(call.call());
			return;
		}
		int slot = this.slots.nextClearBit(0);
		this.slots.set(slot);
		call.begin(2 * slot);
		this.open.add(call);
		if (call.isRead()) {
			Configurations read = new Configurations();
			this.states.all().forEach((state) -> read.add(absorb(state)));
			this.states = read;
		}
	}

	/** Adds all answers that are right here and change nothing: that is never worse. */
	private Configuration absorb(Configuration at) {
		Configuration absorbed = at;
		for (OpenCall call : this.open) {
			if (call.isRead() && !call.isDone(absorbed) && this.rules.after(call.call(), at.state(), 0) == at.state()) {
				absorbed = absorbed.with(call.slot(), at.state());
			}
		}
		return absorbed;
	}

	private boolean end(OpenCall call, long now) {
		Configurations after = statesAfter(call, now);
		if (after == null) {
			return false;
		}
		if (after.size() == 0) {
			report(call);
			LockState forced = LeaseRules.forced(call.call(), now);
			this.states.all().forEach((state) -> after.add(absorb(state.with(call.slot(), forced))));
		}
		Configurations ended = new Configurations();
		after.all().forEach((state) -> ended.add(state.without(call.slot(), call.slot() + 1)));
		this.states = ended;
		this.open.remove(call);
		this.slots.clear(call.slot() / 2);
		call.end();
		while (this.firstOpenGrant < this.grants.size() && this.grants.get(this.firstOpenGrant).isReturned()) {
			this.firstOpenGrant++;
		}
		return true;
	}

	/** All states with a call before them; {@code null} if there are too many. */
	private @Nullable Configurations statesAfter(OpenCall call, long now) {
		Configurations found = new Configurations();
		for (Configuration state : this.states.all()) {
			int before = found.size();
			if (!this.thorough) {
				explore(state, call, now, false, found);
			}
			if (this.thorough || found.size() == before) {
				explore(state, call, now, true, found);
			}
			if (this.steps > MOST_STEPS || found.size() > MOST_STATES) {
				return null;
			}
		}
		return found;
	}

	private void explore(Configuration from, OpenCall call, long now, boolean unanswered, Configurations found) {
		Configurations without = new Configurations();
		Deque<Configuration> work = new ArrayDeque<>();
		Consumer<Configuration> adder = (state) -> {
			if (call.isDone(state)) {
				found.add(state);
			}
			else {
				Configuration added = without.add(state);
				if (added != null) {
					work.add(added);
				}
			}
		};
		adder.accept(from);
		while (!work.isEmpty() && this.steps <= MOST_STEPS && without.size() <= MOST_STATES) {
			this.steps++;
			Configuration at = work.remove();
			next(at, now, (state) -> adder.accept(absorb(state)));
			if (unanswered) {
				nextWithoutAnswer(at, now, (state) -> adder.accept(absorb(state)));
			}
		}
		if (!work.isEmpty()) {
			this.steps = MOST_STEPS + 1;
		}
	}

	/** Everything that can come next. */
	private void next(Configuration at, long now, Consumer<Configuration> next) {
		LockState state = at.state();
		long fence = nextFence(at);
		for (OpenCall call : this.open) {
			if (!call.isDone(at)) {
				next(call, at, fence, now, next);
			}
		}
		if (this.rules.mayEnd(state, now)) {
			next.accept(at.with(state.freed(state.end())));
		}
	}

	private void next(OpenCall call, Configuration at, long fence, long now, Consumer<Configuration> next) {
		LockState state = at.state();
		if (!isGrant(call) || (fence(call) <= fence && !endsWhatIsToCome(call, at))) {
			accept(this.rules.after(call.call(), state, now), (after) -> next.accept(at.with(call.slot(), after)));
		}
		if (call.isSentAgain() && !at.done().get(call.slot() + 1)) {
			accept(this.rules.after(call.firstSending(), state, now),
					(after) -> next.accept(at.with(call.slot() + 1, after)));
		}
	}

	/**
	 * Whether an earlier grant is still to be refreshed or released, where fences rise.
	 */
	private boolean endsWhatIsToCome(OpenCall grant, Configuration at) {
		return !this.grants.isEmpty() && this.open.stream()
			.anyMatch((call) -> call.ownedFence() != 0 && call.ownedFence() < fence(grant) && !call.isDone(at));
	}

	private void nextWithoutAnswer(Configuration at, long now, Consumer<Configuration> next) {
		if (at.state().unanswered()) {
			next.accept(at.with(at.state().freed(at.state().earliest())));
		}
		for (int i = 0; i < this.unanswered.groups(); i++) {
			int group = i;
			Call call = this.unanswered.next(group, at);
			if (call != null) {
				accept(this.rules.after(call, at.state(), now), (after) -> next.accept(at.using(group, after)));
			}
		}
		for (Call call : this.unanswered.of(at.state().fence())) {
			accept(this.rules.after(call, at.state(), now), (after) -> next.accept(at.with(after)));
		}
	}

	private static void accept(@Nullable LockState after, Consumer<LockState> next) {
		if (after != null) {
			next.accept(after);
		}
	}

	private static boolean isGrant(OpenCall call) {
		return call.call().answer().kind() == Answer.Kind.GRANTED;
	}

	/** The lowest fence of a grant that does not come before this place. */
	private long nextFence(Configuration at) {
		for (int i = this.firstOpenGrant; i < this.grants.size(); i++) {
			if (!this.grants.get(i).isDone(at)) {
				return fence(this.grants.get(i));
			}
		}
		return Long.MAX_VALUE;
	}

	private void report(OpenCall wrong) {
		Call call = wrong.call();
		String states = this.states.all()
			.stream()
			.map((at) -> at.state().toString())
			.distinct()
			.limit(5)
			.collect(Collectors.joining(", or "));
		String others = this.open.stream()
			.filter((other) -> other != wrong)
			.limit(10)
			.map((other) -> ResourceHistory.text(other.call()))
			.collect(Collectors.joining("; "));
		String text = ResourceHistory.text(call) + " while it was " + states
				+ (others.isEmpty() ? "" : "; at the same time " + others);
		this.violations.add(this.resource.violation(kind(call), text, call.answeredNanos()));
	}

	private Kind kind(Call call) {
		if (!this.assumptions.dataLost()) {
			return Kind.ILLEGAL_ORDER;
		}
		return (call.answer().kind() == Answer.Kind.GRANTED) ? Kind.DOUBLE_GRANT : Kind.LOST_LOCK;
	}

}
