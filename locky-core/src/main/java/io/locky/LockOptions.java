package io.locky;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link LockRequest}, as its methods have set them.
 *
 * @param force whether any holder is replaced
 * @param takeOverFrom the fencing token of the only grant that may be replaced, or
 * {@code null}
 * @param reentrant whether a locker that holds the lock is granted it again
 * @param ttl the length of the lease, or {@code null} for the configured one
 * @param maxHold the longest time that the lock can be held, with all refreshes, or
 * {@code null} for no limit
 * @param waitUpTo how long to wait for the lock, or {@code null} for not at all
 * @param note a text for others to see, or empty
 * @param autoRenew whether the lock is renewed until the handle is closed
 * @param keepOnShutdown whether a renewed lock is kept while the application shuts down,
 * until the handle is closed
 * @param fair whether the request waits in the line of people
 * @param client the client whose grant is returned again, or empty
 * @param onlyIfIdle how long a holder that is replaced must have been idle, or
 * {@code null} for not at all
 * @since 0.9.0
 */
public record LockOptions(boolean force, @Nullable Long takeOverFrom, boolean reentrant, @Nullable Duration ttl,
		@Nullable Duration maxHold, @Nullable Duration waitUpTo, String note, boolean autoRenew, boolean keepOnShutdown,
		boolean fair, String client, @Nullable Duration onlyIfIdle) {

	static final LockOptions PLAIN = new LockOptions(false, null, false, null, null, null, "", false, false, false, "",
			null);

	LockOptions withForce() {
		return new LockOptions(true, null, this.reentrant, this.ttl, this.maxHold, this.waitUpTo, this.note,
				this.autoRenew, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withTakeOverFrom(long fence) {
		return new LockOptions(false, fence, this.reentrant, this.ttl, this.maxHold, this.waitUpTo, this.note,
				this.autoRenew, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withReentrant() {
		return new LockOptions(this.force, this.takeOverFrom, true, this.ttl, this.maxHold, this.waitUpTo, this.note,
				this.autoRenew, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withTtl(Duration length) {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, length, this.maxHold, this.waitUpTo,
				this.note, this.autoRenew, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withMaxHold(Duration length) {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, length, this.waitUpTo,
				this.note, this.autoRenew, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withWaitUpTo(Duration length) {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, this.maxHold, length, this.note,
				this.autoRenew, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withNote(String text) {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, this.maxHold, this.waitUpTo,
				text, this.autoRenew, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withAutoRenew() {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, this.maxHold, this.waitUpTo,
				this.note, true, this.keepOnShutdown, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withKeepOnShutdown() {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, this.maxHold, this.waitUpTo,
				this.note, this.autoRenew, true, this.fair, this.client, this.onlyIfIdle);
	}

	LockOptions withClient(String id) {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, this.maxHold, this.waitUpTo,
				this.note, this.autoRenew, this.keepOnShutdown, this.fair, id, this.onlyIfIdle);
	}

	LockOptions withOnlyIfIdle(Duration length) {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, this.maxHold, this.waitUpTo,
				this.note, this.autoRenew, this.keepOnShutdown, this.fair, this.client, length);
	}

	LockOptions withFair() {
		return new LockOptions(this.force, this.takeOverFrom, this.reentrant, this.ttl, this.maxHold, this.waitUpTo,
				this.note, this.autoRenew, this.keepOnShutdown, true, this.client, this.onlyIfIdle);
	}

}
