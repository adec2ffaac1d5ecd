package io.locky.annotation;

import reactor.util.context.ContextView;

/**
 * The locks that a reactive call chain holds.
 */
final class ReactiveHeldLocks {

	private ReactiveHeldLocks() {
	}

	/** What the chain of operators holds, and the thread that subscribes. */
	static HeldLocks of(ContextView context) {
		HeldLocks current = HeldLocks.current();
		return context.hasKey(HeldLocks.class) ? current.and(context.get(HeldLocks.class).holds()) : current;
	}

}
