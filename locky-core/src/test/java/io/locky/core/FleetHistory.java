package io.locky.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What several instances saw of the same locks, and what is wrong with it. Each grant
 * must begin once and end once on each of them, and be of this instance on exactly one.
 * <p>
 * A takeover ends the grant before it, which is the one of the next lower fence.
 */
final class FleetHistory {

	private final Map<String, List<Seen>> seen;

	private final List<Seen> log;

	private final List<Use> uses;

	private final Map<String, TreeSet<Long>> grants = new HashMap<>();

	private final List<Violation> violations = new ArrayList<>();

	/**
	 * Collects what was seen.
	 * @param seen the events of each instance
	 * @param log the events in the order in which they happened in Redis
	 * @param uses the handles that were acquired
	 */
	FleetHistory(Map<String, List<Seen>> seen, List<Seen> log, Collection<Use> uses) {
		this.seen = new TreeMap<>(seen);
		this.log = List.copyOf(log);
		this.uses = List.copyOf(uses);
		this.seen.values().forEach(this::collectGrants);
		collectGrants(this.log);
	}

	private void collectGrants(List<Seen> events) {
		events.stream()
			.filter(Seen::begins)
			.forEach((event) -> this.grants.computeIfAbsent(event.resource(), (key) -> new TreeSet<>())
				.add(event.fence()));
	}

	int grants() {
		return this.grants.values().stream().mapToInt(TreeSet::size).sum();
	}

	/**
	 * Finds everything that is wrong.
	 * @return an empty list if nothing is
	 */
	List<Violation> violations() {
		this.violations.clear();
		this.seen.forEach(this::checkGrants);
		checkGrants("the log", this.log);
		checkOrigins();
		this.log.stream()
			.filter(Seen::begins)
			.collect(Collectors.groupingBy(Seen::resource))
			.values()
			.forEach(this::checkLoggedFences);
		this.uses.stream().collect(Collectors.groupingBy(Use::resource)).values().forEach((ofOne) -> {
			checkOverlaps(ofOne);
			checkFences(ofOne);
		});
		return List.copyOf(this.violations);
	}

	/**
	 * Counts what is wrong.
	 * @param found the violations
	 * @return how many there are of each kind
	 */
	static Map<Kind, Long> count(List<Violation> found) {
		return found.stream()
			.collect(Collectors.groupingBy(Violation::kind, () -> new EnumMap<>(Kind.class), Collectors.counting()));
	}

	private void checkGrants(String observer, List<Seen> events) {
		Map<Grant, Integer> begins = new HashMap<>();
		Map<Grant, Integer> ends = new HashMap<>();
		for (Seen event : events) {
			if (event.begins()) {
				begins.merge(event.grant(), 1, Integer::sum);
			}
			Grant ended = ended(event);
			if (ended != null) {
				ends.merge(ended, 1, Integer::sum);
			}
		}
		this.grants.forEach((resource, fences) -> fences.forEach((fence) -> {
			Grant grant = new Grant(resource, fence);
			checkOnce(Kind.BEGIN, observer, grant, begins.getOrDefault(grant, 0));
			checkOnce(Kind.END, observer, grant, ends.getOrDefault(grant, 0));
			ends.remove(grant);
		}));
		ends.keySet().forEach((grant) -> add(Kind.UNKNOWN, "%s saw the end of %s, which never began", observer, grant));
	}

	private @Nullable Grant ended(Seen event) {
		if (!event.begins()) {
			return event.grant();
		}
		TreeSet<Long> fences = this.grants.getOrDefault(event.resource(), new TreeSet<>());
		Long before = (event.type() == Type.TAKEN_OVER) ? fences.lower(event.fence()) : null;
		return (before != null) ? new Grant(event.resource(), before) : null;
	}

	private void checkOnce(Kind kind, String observer, Grant grant, int times) {
		if (times != 1) {
			add(kind, "%s saw %s of %s %d times", observer, kind, grant, times);
		}
	}

	private void checkOrigins() {
		Map<Object, Integer> origins = new HashMap<>();
		for (List<Seen> events : this.seen.values()) {
			for (Seen event : events) {
				origins.merge(event.identity(), event.remote() ? 0 : 1, Integer::sum);
			}
		}
		origins.forEach((event, times) -> {
			if (times != 1) {
				add(Kind.ORIGIN, "%s is not remote on %d instances", event, times);
			}
		});
	}

	private void checkLoggedFences(List<Seen> begins) {
		for (int i = 1; i < begins.size(); i++) {
			if (begins.get(i).fence() <= begins.get(i - 1).fence()) {
				add(Kind.FENCE, "%s was granted after %s", begins.get(i).grant(), begins.get(i - 1).grant());
			}
		}
	}

	/** A handle must not be valid any more when a later grant has arrived. */
	private void checkOverlaps(List<Use> ofOne) {
		List<Use> byFence = ofOne.stream().sorted(Comparator.comparingLong(Use::fence).reversed()).toList();
		Use earliestLater = null;
		for (Use use : byFence) {
			if (earliestLater != null && use.lastValid() - earliestLater.granted() > 0 && !endedByOthers(use)) {
				add(Kind.OVERLAP, "%s was valid %d µs after %s was granted", use.grant(),
						(use.lastValid() - earliestLater.granted()) / 1000, earliestLater.grant());
			}
			if (earliestLater == null || use.granted() - earliestLater.granted() < 0) {
				earliestLater = use;
			}
		}
	}

	/** A handle learns of a takeover, or of a release by others, a little later. */
	private boolean endedByOthers(Use use) {
		return Stream.concat(this.log.stream(), this.seen.values().stream().flatMap(List::stream))
			.anyMatch((event) -> use.grant().equals(ended(event))
					&& (event.type() == Type.TAKEN_OVER || (event.type() == Type.RELEASED && !use.released())));
	}

	/** What was asked for after a grant had arrived has the higher fence. */
	private void checkFences(List<Use> ofOne) {
		List<Use> byCall = ofOne.stream().sorted(Comparator.comparingLong(Use::called)).toList();
		List<Use> byGrant = ofOne.stream().sorted(Comparator.comparingLong(Use::granted)).toList();
		Use highest = null;
		int arrived = 0;
		for (Use use : byCall) {
			while (arrived < byGrant.size() && byGrant.get(arrived).granted() - use.called() < 0) {
				Use next = byGrant.get(arrived++);
				highest = (highest == null || next.fence() > highest.fence()) ? next : highest;
			}
			if (highest != null && use.fence() <= highest.fence()) {
				add(Kind.FENCE, "%s was asked for after %s had been granted", use.grant(), highest.grant());
			}
		}
	}

	private void add(Kind kind, String text, Object... arguments) {
		this.violations.add(new Violation(kind, text.formatted(arguments)));
	}

	/** What happened to a lock. */
	enum Type {

		ACQUIRED, TAKEN_OVER, RELEASED, EXPIRED

	}

	/** What can be wrong. */
	enum Kind {

		/** A grant does not begin once on an instance. */
		BEGIN,
		/** A grant does not end once on an instance. */
		END,
		/** A grant ends that has never begun. */
		UNKNOWN,
		/** An event is not of exactly one instance. */
		ORIGIN,
		/** A handle was valid while another one was. */
		OVERLAP,
		/** A fence fell. */
		FENCE

	}

	/**
	 * An event.
	 *
	 * @param type what happened
	 * @param resource the name of the resource
	 * @param fence the fence of the grant
	 * @param remote whether it happened on another instance
	 */
	record Seen(Type type, String resource, long fence, boolean remote) {

		boolean begins() {
			return this.type == Type.ACQUIRED || this.type == Type.TAKEN_OVER;
		}

		Grant grant() {
			return new Grant(this.resource, this.fence);
		}

		Object identity() {
			return List.of(this.type, this.resource, this.fence);
		}

	}

	record Grant(String resource, long fence) {

		@Override
		public String toString() {
			return this.resource + "/" + this.fence;
		}

	}

	/**
	 * A handle and its use. All times are those of {@link System#nanoTime()}.
	 *
	 * @param resource the name of the resource
	 * @param fence the fence of the grant
	 * @param called when it was asked for
	 * @param granted when the handle was there
	 * @param lastValid when the handle was seen valid for the last time, or when it was
	 * asked for if it never was
	 * @param released whether it was released by means of this handle, and nothing else
	 */
	record Use(String resource, long fence, long called, long granted, long lastValid, boolean released) {

		Grant grant() {
			return new Grant(this.resource, this.fence);
		}

	}

	record Violation(Kind kind, String text) {

	}

}
