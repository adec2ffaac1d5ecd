package io.locky.annotation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The calls of this instance that hold locks while they wait for another one. Two of them
 * may wait for each other; the later one finds that when it begins to wait.
 */
final class WaitingCalls {

	private final Set<WaitingCall> calls = new LinkedHashSet<>();

	/**
	 * Begins a wait.
	 * @param resource the resource to wait for
	 * @param chain the locks that the call chain holds
	 * @param acquired those that the call has acquired before
	 * @return the wait, to be closed at its end
	 */
	synchronized WaitingCall enter(String resource, HeldLocks chain, List<SharedLockHandle> acquired) {
		WaitingCall call = new WaitingCall(resource, chain, List.copyOf(acquired));
		call.circle = circle(call);
		this.calls.add(call);
		return call;
	}

	private synchronized void exit(WaitingCall call) {
		this.calls.remove(call);
	}

	/**
	 * Follows the calls from the holder of what is wanted.
	 * @param wanting the call that begins to wait
	 * @return the resource of that call which another one waits for, or {@code null}
	 */
	private @Nullable String circle(WaitingCall wanting) {
		Deque<String> wanted = new ArrayDeque<>(List.of(wanting.resource));
		Set<WaitingCall> seen = new HashSet<>();
		for (String resource = wanted.poll(); resource != null; resource = wanted.poll()) {
			for (WaitingCall holder : this.calls) {
				if (holder.holds(resource) && seen.add(holder)) {
					if (wanting.holds(holder.resource)) {
						return holder.resource;
					}
					wanted.add(holder.resource);
				}
			}
		}
		return null;
	}

	/** A call that waits. */
	final class WaitingCall implements AutoCloseable {

		private static final int SHOWN = 5;

		private final String resource;

		private final HeldLocks chain;

		private final List<SharedLockHandle> acquired;

		private @Nullable String circle;

		private WaitingCall(String resource, HeldLocks chain, List<SharedLockHandle> acquired) {
			this.resource = resource;
			this.chain = chain;
			this.acquired = acquired;
		}

		/** Its thread does not change the chain while it waits. */
		private boolean holds(String name) {
			return this.chain.find(name) != null || this.acquired.stream()
				.anyMatch((lock) -> lock.handle().resource().equals(name) && lock.isValid());
		}

		/**
		 * The resource that this call holds and that the holder of what it waits for
		 * waits for.
		 * @return its name, or {@code null} if there is none
		 */
		@Nullable String circle() {
			return this.circle;
		}

		/**
		 * What this call holds.
		 * @return some of the names of the resources, for a message
		 */
		String held() {
			Set<String> names = new LinkedHashSet<>();
			this.chain.locks().forEach((lock) -> names.add(lock.handle().resource()));
			this.acquired.forEach((lock) -> names.add(lock.handle().resource()));
			String shown = names.stream().limit(SHOWN).map("'%s'"::formatted).collect(Collectors.joining(", "));
			return (names.size() > SHOWN) ? shown + ", …" : shown;
		}

		@Override
		public void close() {
			exit(this);
		}

	}

}
