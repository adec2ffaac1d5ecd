package io.locky.faults.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Visits all states that can be reached, the nearest first, until one breaks a promise.
 *
 * @param <S> the type of the states
 */
final class Explorer<S> {

	private final S first;

	/** The steps from a state, always in the same order. */
	private final Function<S, List<Step<S>>> steps;

	/** What makes a state the same as another one. */
	private final Function<S, String> keys;

	private final Function<S, @Nullable Promise> broken;

	private final Set<String> visited = new HashSet<>();

	/**
	 * For each state, in the order of the visits, the one before it and which step it
	 * was.
	 */
	private long[] origins = new long[1024];

	private int found;

	private long taken;

	Explorer(S first, Function<S, List<Step<S>>> steps, Function<S, String> keys,
			Function<S, @Nullable Promise> broken) {
		this.first = first;
		this.steps = steps;
		this.keys = keys;
		this.broken = broken;
	}

	Result explore() {
		Deque<S> open = new ArrayDeque<>();
		add(this.first, -1, 0, open::add);
		for (int at = 0; !open.isEmpty(); at++) {
			S state = open.remove();
			Promise promise = this.broken.apply(state);
			if (promise != null) {
				return new Result(this.found, this.taken, promise, trace(at));
			}
			List<Step<S>> next = this.steps.apply(state);
			for (int i = 0; i < next.size(); i++) {
				add(next.get(i).state(), at, i, open::add);
			}
			this.taken += next.size();
		}
		return new Result(this.found, this.taken, null, trace(this.found - 1));
	}

	private void add(S state, int before, int step, Consumer<S> opener) {
		if (this.visited.add(this.keys.apply(state))) {
			if (this.found == this.origins.length) {
				this.origins = Arrays.copyOf(this.origins, 2 * this.found);
			}
			this.origins[this.found++] = ((long) before << 16) | step;
			opener.accept(state);
		}
	}

	/** The states are not kept: the steps are taken again. */
	private List<String> trace(int end) {
		Deque<Integer> choices = new ArrayDeque<>();
		for (int at = end; this.origins[at] >= 0; at = (int) (this.origins[at] >> 16)) {
			choices.push((int) (this.origins[at] & 0xFFFF));
		}
		List<String> labels = new ArrayList<>();
		S state = this.first;
		for (int choice : choices) {
			Step<S> step = this.steps.apply(state).get(choice);
			labels.add(step.label().get());
			state = step.state();
		}
		return labels;
	}

	/**
	 * A step.
	 *
	 * @param <S> the type of the states
	 * @param label what happens
	 * @param state the state after it
	 */
	record Step<S>(Supplier<String> label, S state) {

	}

	/**
	 * What was found.
	 *
	 * @param states how many states were found
	 * @param steps how many steps were taken
	 * @param broken the promise that is broken, or {@code null} if none is
	 * @param trace the shortest way to the state that breaks it, or to the last state
	 */
	record Result(int states, long steps, @Nullable Promise broken, List<String> trace) {

	}

}
