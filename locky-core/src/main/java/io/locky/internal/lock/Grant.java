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
 * @param reentered whether the same locker held the lock already, so that the grant is
 * not a new one
 */
record Grant(String resource, long fence, Instant since, @Nullable Duration expiresIn, @Nullable String previousLocker,
		boolean reentered) {

	static final int FIELDS = 5;

	static List<Grant> read(List<String> resources, List<Object> fields) {
		List<Grant> grants = new ArrayList<>(resources.size());
		for (int i = 0; i < resources.size(); i++) {
			List<Object> grant = fields.subList(i * FIELDS, (i + 1) * FIELDS);
			grants.add(new Grant(resources.get(i), (Long) grant.get(0), Instant.ofEpochMilli((Long) grant.get(1)),
					ScriptValues.remaining((Long) grant.get(2)), ScriptValues.text(grant.get(3)),
					(Long) grant.get(4) == 1));
		}
		return grants;
	}

}
