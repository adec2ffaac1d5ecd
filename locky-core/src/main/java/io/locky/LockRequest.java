package io.locky;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * What to lock, for whom, and how. Immutable: each method returns a new request.
 * <pre>{@code
 * LockRequest.of("article:23").by(20).ttl(Duration.ofMinutes(5)).force()
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LockRequest {

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

	private static final Duration LONGEST_WAIT = Duration.ofDays(1);

	private static final int LONGEST_NOTE = 256;

	private final String resource;

	private final String locker;

	private final LockOptions options;

	private LockRequest(String resource, String locker, LockOptions options) {
		this.resource = resource;
		this.locker = locker;
		this.options = options;
	}

	/**
	 * Names the resource. The locker comes next.
	 * @param resource what to lock: text, a number, a UUID or an enum constant
	 * @return the start of a request
	 * @throws IllegalArgumentException if that cannot be a name
	 */
	public static ForResource of(Object resource) {
		return new ForResource(LockNames.resource(resource));
	}

	/**
	 * Asks for a lease of that length instead of the configured one.
	 * @param ttl from 1 ms to 365 days
	 * @return a new request
	 * @throws IllegalArgumentException if the length is out of bounds
	 */
	public LockRequest ttl(Duration ttl) {
		LeaseTime.require(ttl, "ttl");
		return with(this.options.withTtl(ttl));
	}

	/**
	 * Asks for the lock even if it is held: the holder is replaced.
	 * @return a new request
	 */
	public LockRequest force() {
		return with(this.options.withForce());
	}

	/**
	 * Asks for the lock only if that very grant still holds it, and replaces it: whoever
	 * came or went since then is left alone.
	 * @param fence the fence of the grant, as {@link LockInfo#fence()} tells it
	 * @return a new request
	 * @throws IllegalArgumentException if that cannot be a fence
	 */
	public LockRequest takeOverFrom(long fence) {
		Assert.isTrue(fence > 0,
				() -> "'fence' must be positive, but is %d; a lock that another client wrote has ".formatted(fence)
						+ "no fence, use force() for it");
		return with(this.options.withTakeOverFrom(fence));
	}

	/**
	 * Lets the locker who holds the lock already have it again: the same grant, its lease
	 * extended. There is no count: whoever gives it back first ends it.
	 * @return a new request
	 */
	public LockRequest reentrant() {
		return with(this.options.withReentrant());
	}

	/**
	 * Limits how long the lock can be held at all: no refresh goes past that.
	 * @param maxHold from 1 ms to 365 days
	 * @return a new request
	 * @throws IllegalArgumentException if the length is out of bounds
	 */
	public LockRequest maxHold(Duration maxHold) {
		LeaseTime.require(maxHold, "maxHold");
		return with(this.options.withMaxHold(maxHold));
	}

	/**
	 * Waits for the lock if it is held. Not fair among applications: whoever comes first
	 * after the release gets it.
	 * @param waitUpTo how long to wait, from 1 ms to a day
	 * @return a new request
	 * @throws IllegalArgumentException if the length is out of bounds
	 */
	public LockRequest waitUpTo(Duration waitUpTo) {
		Assert.isTrue(waitUpTo.compareTo(SHORTEST_WAIT) >= 0 && waitUpTo.compareTo(LONGEST_WAIT) <= 0,
				() -> "'waitUpTo' must be from 1 millisecond to 1 day, but is %s; ask again if it takes longer"
					.formatted(waitUpTo));
		return with(this.options.withWaitUpTo(waitUpTo));
	}

	/**
	 * Leaves a text for others to see.
	 * @param note at most 256 characters, without control characters
	 * @return a new request
	 * @throws IllegalArgumentException if the text is too long or cannot be kept
	 */
	public LockRequest note(String note) {
		String text = LockNames.check(note, "note", LONGEST_NOTE);
		return with(this.options.withNote(text));
	}

	/**
	 * Has the lock renewed until the handle is closed. For
	 * {@link LockyOperations#tryLock(LockRequest)}, which returns the handle.
	 * @return a new request
	 */
	public LockRequest autoRenew() {
		return with(this.options.withAutoRenew());
	}

	/**
	 * What to lock.
	 * @return the name of the resource
	 */
	public String resource() {
		return this.resource;
	}

	/**
	 * For whom.
	 * @return the locker
	 */
	public String locker() {
		return this.locker;
	}

	/**
	 * How.
	 * @return everything else
	 */
	public LockOptions options() {
		return this.options;
	}

	private LockRequest with(LockOptions changed) {
		return new LockRequest(this.resource, this.locker, changed);
	}

	/**
	 * A request that lacks its locker.
	 */
	public static final class ForResource {

		private final String resource;

		private ForResource(String resource) {
			this.resource = resource;
		}

		/**
		 * Names the locker.
		 * @param locker who will hold the lock: text, a number, a UUID or an enum
		 * constant
		 * @return a request for the configured ttl, denied if the lock is held
		 * @throws IllegalArgumentException if that cannot be a name
		 */
		public LockRequest by(Object locker) {
			return new LockRequest(this.resource, LockNames.locker(locker), LockOptions.PLAIN);
		}

	}

}
