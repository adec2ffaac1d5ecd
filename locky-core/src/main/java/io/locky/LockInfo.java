package io.locky;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A held lock, as Redis had it at the moment of the call.
 *
 * @param resource the name of the resource
 * @param locker the locker that holds it
 * @param fence the fencing token of the grant, or 0 if another client wrote the lock
 * @param since when it was granted, by the clock of Redis, or {@code null} if another
 * client wrote the lock
 * @param expiresIn the rest of the lease, or {@code null} if it does not end
 * @param note the text that the holder left for others, or {@code null}
 * @param idleSince since when the holder is idle, by the clock of Redis, or {@code null}
 * if it is active or its client does not report that
 * @since 0.9.0
 */
public record LockInfo(String resource, String locker, long fence, @Nullable Instant since,
		@Nullable Duration expiresIn, @Nullable String note, @Nullable Instant idleSince) implements Serializable {

	/**
	 * A lock whose holder is active.
	 * @param resource the name of the resource
	 * @param locker the locker that holds it
	 * @param fence the fencing token of the grant, or 0 if another client wrote the lock
	 * @param since when it was granted, or {@code null} if another client wrote the lock
	 * @param expiresIn the rest of the lease, or {@code null} if it does not end
	 * @param note the text that the holder left for others, or {@code null}
	 */
	public LockInfo(String resource, String locker, long fence, @Nullable Instant since, @Nullable Duration expiresIn,
			@Nullable String note) {
		this(resource, locker, fence, since, expiresIn, note, null);
	}

}
