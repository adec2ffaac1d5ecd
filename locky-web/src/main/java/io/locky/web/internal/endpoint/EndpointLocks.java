package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import io.locky.LockAttempt;
import io.locky.LockInfo;
import io.locky.LockPage;
import io.locky.LockQuery;
import io.locky.LockRefresh;
import io.locky.LockRequest;
import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;

/**
 * The operations of locks that the endpoints need, the same for both web frameworks. No
 * method throws an exception: it completes the stage. What depends on a stage runs in a
 * thread that may block.
 */
public abstract class EndpointLocks {

	/**
	 * Calls blocking operations in the calling thread: each stage is completed already.
	 * @param locks the operations
	 * @return the same for the endpoints
	 */
	public static EndpointLocks blocking(LockyOperations locks) {
		return new BlockingEndpointLocks(locks);
	}

	abstract CompletionStage<Attempt> tryLock(LockRequest request);

	/**
	 * Resets the TTL of one grant.
	 * @param idle for how long its holder has been idle, or {@code null} if that is not
	 * known
	 */
	abstract CompletionStage<LockRefresh> tryRefresh(String resource, String locker, long fence,
			@Nullable Duration idle);

	abstract CompletionStage<Boolean> unlock(String resource, String locker, long fence);

	abstract CompletionStage<Optional<LockInfo>> find(String resource);

	abstract CompletionStage<Map<String, LockInfo>> findAll(Collection<String> resources);

	abstract CompletionStage<LockPage> list(LockQuery query);

	/**
	 * Goes on when a stage of another request completes.
	 * @param other the stage, which does not fail
	 * @return completes after it, in a thread and a context of this request
	 */
	abstract CompletionStage<?> resumeAfter(CompletionStage<?> other);

	/**
	 * The result of an attempt to lock.
	 *
	 * @param fence the fence of the grant, or 0 if the lock was not granted
	 * @param lock the lock that blocks it; {@code null} if it was granted, and where that
	 * of {@link LockAttempt.Denied} is
	 */
	record Attempt(long fence, @Nullable LockInfo lock) {

		static Attempt of(LockAttempt attempt) {
			return (attempt instanceof LockAttempt.Acquired acquired) ? new Attempt(acquired.handle().fence(), null)
					: new Attempt(0, ((LockAttempt.Denied) attempt).lock());
		}

		boolean isGranted() {
			return this.fence != 0;
		}

	}

}
