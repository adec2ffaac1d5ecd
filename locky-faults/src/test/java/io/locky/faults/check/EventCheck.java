package io.locky.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.locky.faults.check.Violation.Kind;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import org.jspecify.annotations.Nullable;

/**
 * Each grant begins and ends once in the events that are not remote. After a crash, an
 * event may be missing that the crashed process had to publish, and an expiry may be
 * published again.
 */
final class EventCheck {

	private final ResourceHistory resource;

	private final Assumptions assumptions;

	private final List<Violation> violations = new ArrayList<>();

	/** The grants that answers name, by fence. */
	private final TreeMap<Long, Call> answered = new TreeMap<>();

	/** The events that are not remote, by fence. */
	private final TreeMap<Long, List<Seen>> events = new TreeMap<>();

	/** The first event with which each grant began, and the first that is not remote. */
	private final TreeMap<Long, Seen> begins = new TreeMap<>();

	private final TreeMap<Long, Seen> ownBegins = new TreeMap<>();

	/** Lockers that may have grants which no answer names, and releases of that kind. */
	private final Set<String> mayHold = new HashSet<>();

	private final List<Call> mayRelease;

	EventCheck(ResourceHistory resource, List<Call> unfinished, Assumptions assumptions) {
		this.resource = resource;
		this.assumptions = assumptions;
		for (Call call : resource.granted()) {
			this.answered.putIfAbsent(ResourceHistory.fenceOf(call), call);
		}
		this.answered.remove(0L);
		for (Seen event : resource.events()) {
			collect(event);
		}
		Stream.concat(resource.calls().stream(), unfinished.stream())
			.filter((call) -> ResourceHistory.isAttempt(call) && mayHaveBeenGranted(call))
			.forEach((call) -> this.mayHold.add(String.valueOf(call.locker())));
		this.mayRelease = resource.calls()
			.stream()
			.filter((call) -> ResourceHistory.is(call, Operation.RELEASE, Answer.Kind.UNKNOWN) && hasDied(call))
			.toList();
	}

	private void collect(Seen event) {
		if (event.fence() == null) {
			return;
		}
		if (isBegin(event)) {
			this.begins.putIfAbsent(event.fence(), event);
		}
		if (!event.remote()) {
			this.events.computeIfAbsent(event.fence(), (fence) -> new ArrayList<>()).add(event);
			if (isBegin(event)) {
				this.ownBegins.putIfAbsent(event.fence(), event);
			}
		}
	}

	private boolean mayHaveBeenGranted(Call call) {
		return switch (call.answer().kind()) {
			case UNKNOWN -> true;
			case DENIED -> this.assumptions.answersLost();
			case GRANTED -> call.answer().fence() == null;
			default -> false;
		};
	}

	private boolean hasDied(Call call) {
		return this.assumptions.died().contains(call.process());
	}

	List<Violation> run() {
		this.events.forEach(this::checkExpected);
		if (!this.assumptions.dataLost()) {
			Set<Long> fences = new HashSet<>(this.events.keySet());
			fences.addAll(this.answered.keySet());
			fences.stream().sorted().forEach(this::checkOnce);
			if (this.assumptions.settled()) {
				fences.stream().sorted().forEach(this::checkComplete);
			}
		}
		return this.violations;
	}

	private void checkExpected(long fence, List<Seen> seen) {
		boolean asked = this.answered.containsKey(fence)
				|| seen.stream().anyMatch((event) -> this.mayHold.contains(String.valueOf(event.locker())));
		if (!asked) {
			add(fence, Kind.EVENT_UNEXPECTED, "nobody was granted " + fence + ": " + seen);
		}
	}

	private void checkOnce(long fence) {
		List<Seen> begins = surviving(fence, EventCheck::isBegin);
		if (begins.size() > 1) {
			add(fence, Kind.EVENT_REPEATED, "began twice: " + begins);
		}
		List<Seen> ends = surviving(fence, EventCheck::isEnd);
		if (ends.size() > 1) {
			add(fence, Kind.EVENT_REPEATED, "ended twice: " + ends);
		}
		Seen next = next(fence, this.ownBegins);
		if (!ends.isEmpty() && next != null && next.type() == Type.TAKEN_OVER && isNext(fence, next)) {
			add(fence, Kind.EVENT_REPEATED, "was taken over and ended: " + next + ", " + ends);
		}
		Map<String, Integer> losses = new HashMap<>();
		surviving(fence, (event) -> event.type() == Type.LOST)
			.forEach((event) -> losses.merge(event.process(), 1, Integer::sum));
		losses.values().removeIf((count) -> count == 1);
		if (!losses.isEmpty()) {
			add(fence, Kind.EVENT_REPEATED, "lost twice under " + fence + ": " + losses);
		}
	}

	private void checkComplete(long fence) {
		Call call = this.answered.get(fence);
		boolean begun = anyOf(fence, EventCheck::isBegin);
		if (!begun && call != null && !hasDied(call)) {
			add(fence, Kind.EVENT_MISSING, "no event that it began: " + ResourceHistory.text(call));
		}
		if ((begun || call != null) && !isEnded(fence) && mustEnd(fence, call)) {
			add(fence, Kind.EVENT_MISSING, "no event that " + fence + " ended");
		}
	}

	private boolean isEnded(long fence) {
		return anyOf(fence, EventCheck::isEnd) || mayBeReleased(fence);
	}

	/**
	 * Whether it was not taken over, and not without an end. A takeover counts that only
	 * others saw, because its process has died.
	 */
	private boolean mustEnd(long fence, @Nullable Call call) {
		Seen next = next(fence, this.begins);
		if (next == null && this.answered.higherKey(fence) == null) {
			return call != null && call.ttlMillis() != 0;
		}
		return next != null && isNext(fence, next) && next.type() != Type.TAKEN_OVER;
	}

	private boolean mayBeReleased(long fence) {
		return this.mayRelease.stream().anyMatch((call) -> call.fence() == null || call.fence() == fence);
	}

	/** Whether no other grant came between a grant and a begin. */
	private boolean isNext(long fence, Seen begin) {
		Long between = this.answered.higherKey(fence);
		return between == null || between >= Objects.requireNonNull(begin.fence());
	}

	private static @Nullable Seen next(long fence, TreeMap<Long, Seen> begins) {
		Map.Entry<Long, Seen> next = begins.higherEntry(fence);
		return (next != null) ? next.getValue() : null;
	}

	private boolean anyOf(long fence, Predicate<Seen> type) {
		return this.resource.events()
			.stream()
			.anyMatch((event) -> event.fence() != null && event.fence() == fence && type.test(event));
	}

	/** The events of a type, without those of processes that died. */
	private List<Seen> surviving(long fence, Predicate<Seen> type) {
		return this.events.getOrDefault(fence, List.of())
			.stream()
			.filter((event) -> type.test(event) && !this.assumptions.died().contains(event.process()))
			.toList();
	}

	static boolean isBegin(Seen event) {
		return event.type() == Type.ACQUIRED || event.type() == Type.TAKEN_OVER;
	}

	static boolean isEnd(Seen event) {
		return event.type() == Type.RELEASED || event.type() == Type.EXPIRED;
	}

	private void add(long fence, Kind kind, String text) {
		long nanos = this.events.getOrDefault(fence, List.of()).stream().mapToLong(Seen::seenNanos).max().orElse(0);
		Call call = this.answered.get(fence);
		this.violations
			.add(this.resource.violation(kind, text, (call != null) ? Math.max(nanos, call.answeredNanos()) : nanos));
	}

}
