package io.locky.internal.lock;

import java.util.List;

import io.locky.LockNotReplicatedException;
import io.locky.internal.redis.ReplicaAcks;
import org.jspecify.annotations.Nullable;

/**
 * Releases grants again that too few replicas have acknowledged.
 */
final class ReplicatedGrants {

	private final LockCommands commands;

	private final Releases releases;

	private final @Nullable ReplicaAcks acks;

	ReplicatedGrants(LockCommands commands, Releases releases, @Nullable ReplicaAcks acks) {
		this.commands = commands;
		this.releases = releases;
		this.acks = acks;
	}

	/**
	 * Waits for the replicas, and releases the locks if too few acknowledge. No event is
	 * published in that case: the grants have not been published yet either. Only an
	 * event log has both.
	 * @param grants the grants, of one partition
	 * @throws LockNotReplicatedException if too few replicas have the grants
	 */
	void require(List<Grant> grants) {
		if (this.acks == null) {
			return;
		}
		// An interrupt from before would end the wait at once, so it is set again later.
		boolean interrupted = Thread.interrupted();
		try {
			confirm(this.acks, grants);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void confirm(ReplicaAcks replicas, List<Grant> grants) {
		RuntimeException cause = null;
		try {
			if (replicas.confirm(this.commands.confirm(OwnedLock.byFences(grants)))) {
				return;
			}
		}
		catch (RuntimeException ex) {
			cause = ex;
		}
		List<String> resources = grants.stream().map(Grant::resource).toList();
		LockNotReplicatedException failure = new LockNotReplicatedException(resources,
				"%s was not acknowledged by %s, and so is not locked. Check the replicas, or change 'locky.min-replicas-ack'"
					.formatted(resources, replicas),
				cause);
		release(grants, failure);
		throw failure;
	}

	/** A grant that was entered again was acknowledged before, and stays. */
	private void release(List<Grant> grants, LockNotReplicatedException failure) {
		List<Grant> fresh = grants.stream().filter((grant) -> !grant.reentered()).toList();
		if (fresh.isEmpty()) {
			return;
		}
		try {
			this.releases.releaseUnpublished(OwnedLock.byFences(fresh), fresh.get(0).expiresIn());
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

}
