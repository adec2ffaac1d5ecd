package io.locky.internal.lock;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.locky.internal.redis.ScriptValues;
import org.jspecify.annotations.Nullable;

/**
 * A lock as it was granted to an attempt.
 *
 * @param resource the name of the resource
 * @param fence the fencing token of the grant
 * @param since when it was granted, by the clock of Redis
 * @param expiresIn the rest of the lease, or {@code null} if it does not end
 * @param previousLocker the locker from which it was taken over, or {@code null} if the
 * lock was free
 * @param previousFence the fence of the grant that it replaced, or 0 if there was none or
 * that is not known
 * @param reentered whether the same locker held the lock already, so that the grant is
 * not a new one
 */
record Grant(String resource, long fence, Instant since, @Nullable Duration expiresIn, @Nullable String previousLocker,
		long previousFence, boolean reentered) {

	static final int FIELDS = 5;

	/**
	 * A new grant of a lock that was free.
	 * @param resource the name of the resource
	 * @param fence the fence of the grant
	 * @param since when it was granted
	 * @param expiresIn the rest of the lease, or {@code null} if it does not end
	 * @return the grant
	 */
	static Grant ofFree(String resource, long fence, Instant since, @Nullable Duration expiresIn) {
		return new Grant(resource, fence, since, expiresIn, null, 0, false);
	}

	static List<Grant> read(List<String> resources, List<Object> fields) {
		List<Grant> grants = new ArrayList<>(resources.size());
		for (int i = 0; i < resources.size(); i++) {
			List<Object> grant = fields.subList(i * FIELDS, (i + 1) * FIELDS);
			long replaced = (Long) grant.get(4);
			grants.add(new Grant(resources.get(i), (Long) grant.get(0), Instant.ofEpochMilli((Long) grant.get(1)),
					ScriptValues.remaining((Long) grant.get(2)), ScriptValues.text(grant.get(3)), Math.max(replaced, 0),
					replaced == -1));
		}
		return grants;
	}

}
