package io.locky;

import java.time.Duration;
import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * A request for a lock: the resource, the locker and the options. Immutable: each method
 * returns a new request. <pre>{@code
 * LockRequest.of("article:23").by(20).ttl(Duration.ofMinutes(5)).force()
 * }</pre>
 *
 * @since 0.9.0
 */
public final class LockRequest {

	private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

	private static final Duration LONGEST_WAIT = Duration.ofDays(1);

	private static final int LONGEST_NOTE = 256;

	private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9_-]{1,64}");

	private final String resource;

	private final String locker;

	private final LockOptions options;

	private LockRequest(String resource, String locker, LockOptions options) {
		this.resource = resource;
		this.locker = locker;
		this.options = options;
	}

	/**
	 * Starts a request with the name of the resource.
	 * @param resource the resource: text, a number, a UUID or an enum constant
	 * @return the start of a request, which still lacks its locker
	 * @throws IllegalArgumentException if the value cannot be a name
	 */
	public static ForResource of(Object resource) {
		return new ForResource(LockNames.resource(resource));
	}

	/**
	 * Sets the length of the lease, in place of the configured one.
	 * @param ttl from 1 ms to 365 days
	 * @return a new request
	 * @throws IllegalArgumentException if the length is out of bounds
	 */
	public LockRequest ttl(Duration ttl) {
		LeaseTime.require(ttl, "ttl");
		return with(this.options.withTtl(ttl));
	}

	/**
	 * Replaces the holder if the lock is held.
	 * @return a new request
	 */
	public LockRequest force() {
		return with(this.options.withForce());
	}

	/**
	 * Replaces one grant and no other: the request is denied if the grant with that
	 * fencing token no longer holds the lock.
	 * @param fence the fence of the grant, as {@link LockInfo#fence()} returned it
	 * @return a new request
	 * @throws IllegalArgumentException if the fence is not positive
	 */
	public LockRequest takeOverFrom(long fence) {
		if (fence <= 0) {
			throw new InvalidLockValueException(
					"'fence' must be positive, but is %d; a lock that another client wrote has ".formatted(fence)
							+ "no fence, use force() for it");
		}
		return with(this.options.withTakeOverFrom(fence));
	}

	/**
	 * Replaces the holder only if it has been idle for some time: the request is denied
	 * otherwise. After {@link #force()} or {@link #takeOverFrom(long)}. Redis checks it
	 * in the moment of the grant, by what the holder has reported with
	 * {@link LockyOperations#tryRefresh(Object, Object, long, Duration)}; a holder that
	 * reports nothing is active.
	 * @param idle for how long at least, from 1 ms to 365 days
	 * @return a new request
	 * @throws IllegalArgumentException if the length is out of bounds
	 * @throws IllegalStateException if the request replaces nobody
	 */
	public LockRequest onlyIfIdle(Duration idle) {
		LeaseTime.require(idle, "idle");
		Assert.state(this.options.force() || this.options.takeOverFrom() != null,
				"'onlyIfIdle' restricts force() or takeOverFrom(…): call one of them first");
		return with(this.options.withOnlyIfIdle(idle));
	}

	/**
	 * Grants the lock again to the locker that already holds it: the grant stays the
	 * same, and its lease is extended. Entries are not counted, so the first release ends
	 * the grant for all of them.
	 * @return a new request
	 */
	public LockRequest reentrant() {
		return with(this.options.withReentrant());
	}

	/**
	 * Names the client that sends the request, such as a page in a browser. While a grant
	 * of this locker and this client holds the lock, the request returns that grant again
	 * and extends its lease, so that a client may repeat a request of which it did not
	 * get the answer. Another client of the same locker is denied as usual.
	 * @param client an id that the client chose: from 1 to 64 letters of ASCII, digits,
	 * {@code -} and {@code _}
	 * @return a new request
	 * @throws IllegalArgumentException if the id is too long or has other characters
	 */
	public LockRequest client(String client) {
		if (!CLIENT.matcher(client).matches()) {
			throw new InvalidLockValueException("'client' must have from 1 to 64 letters, digits, '-' and '_'");
		}
		return with(this.options.withClient(client));
	}

	/**
	 * Limits how long the lock can be held in total. No refresh extends it further. Where
	 * no TTL is set or configured, this is also the length of the lease.
	 * @param maxHold from 1 ms to 365 days
	 * @return a new request
	 * @throws IllegalArgumentException if the length is out of bounds
	 */
	public LockRequest maxHold(Duration maxHold) {
		LeaseTime.require(maxHold, "maxHold");
		return with(this.options.withMaxHold(maxHold));
	}

	/**
	 * Waits for the lock if it is held. Waiting requests of all instances queue per lock,
	 * first come, first served. A request that does not wait may come before them.
	 * @param waitUpTo how long to wait, from 1 ms to 1 day
	 * @return a new request
	 * @throws IllegalArgumentException if the length is out of bounds
	 */
	public LockRequest waitUpTo(Duration waitUpTo) {
		Assert.isTrue(waitUpTo.compareTo(SHORTEST_WAIT) >= 0 && waitUpTo.compareTo(LONGEST_WAIT) <= 0,
				() -> "'waitUpTo' must be from 1 millisecond to 1 day, but is %s; send the request again to wait longer"
					.formatted(waitUpTo));
		return with(this.options.withWaitUpTo(waitUpTo));
	}

	/**
	 * Waits in the {@linkplain io.locky.people.LockLine line} for the lock, together with
	 * people and in the order of joining, on all instances: while somebody is in it, the
	 * lock is granted to nobody else. The locker must not be in that line already. No
	 * effect without {@link #waitUpTo}. The request fails with an
	 * {@link IllegalStateException} if the {@linkplain PeopleSettings#line() settings}
	 * have no lines, and with a {@link io.locky.people.LineFullException} if the line is
	 * full.
	 * @return a new request
	 */
	public LockRequest fair() {
		return with(this.options.withFair());
	}

	/**
	 * Stores a text with the lock, for others to read as {@link LockInfo#note()}.
	 * @param note from 1 to 256 characters, without control characters
	 * @return a new request
	 * @throws IllegalArgumentException if the text is blank or too long, or has control
	 * characters
	 */
	public LockRequest note(String note) {
		String text = LockNames.check(note, "note", LONGEST_NOTE);
		return with(this.options.withNote(text));
	}

	/**
	 * Renews the lock in the background until the handle is closed. Only for
	 * {@link LockyOperations#tryLock(LockRequest)}, which returns the handle.
	 * @return a new request
	 */
	public LockRequest autoRenew() {
		return with(this.options.withAutoRenew());
	}

	/**
	 * Keeps a renewed lock while the application shuts down, until the handle is closed
	 * or the {@linkplain LockySettings#shutdownTimeout() shutdown time-out} is over. For
	 * code that closes the handle when its work has ended, as {@code @Locked} does. No
	 * effect without {@link #autoRenew()}.
	 * @return a new request
	 */
	public LockRequest keepOnShutdown() {
		return with(this.options.withKeepOnShutdown());
	}

	/**
	 * The resource to lock.
	 * @return its name
	 */
	public String resource() {
		return this.resource;
	}

	/**
	 * The locker that will hold the lock.
	 * @return its name
	 */
	public String locker() {
		return this.locker;
	}

	/**
	 * The options of the request.
	 * @return everything else that its methods have set
	 */
	public LockOptions options() {
		return this.options;
	}

	private LockRequest with(LockOptions changed) {
		return new LockRequest(this.resource, this.locker, changed);
	}

	/**
	 * The start of a request, which lacks its locker.
	 */
	public static final class ForResource {

		private final String resource;

		private ForResource(String resource) {
			this.resource = resource;
		}

		/**
		 * Names the locker that will hold the lock.
		 * @param locker the locker: text, a number, a UUID or an enum constant
		 * @return a request with the configured TTL, which is denied if the lock is held
		 * @throws IllegalArgumentException if the value cannot be a name
		 */
		public LockRequest by(Object locker) {
			return new LockRequest(this.resource, LockNames.locker(locker), LockOptions.PLAIN);
		}

	}

}
