package io.locky.internal.lock;

import java.util.List;

import io.locky.LockNotReplicatedException;
import io.locky.internal.redis.ReplicaAcks;
import io.locky.internal.redis.ScriptRunner;
import org.jspecify.annotations.Nullable;

/**
 * Lets only those grants stand that enough replicas have.
 */
final class ReplicatedGrants {

	private final ScriptRunner scripts;

	private final LockCommands commands;

	private final @Nullable ReplicaAcks acks;

	ReplicatedGrants(ScriptRunner scripts, LockCommands commands, @Nullable ReplicaAcks acks) {
		this.scripts = scripts;
		this.commands = commands;
		this.acks = acks;
	}

	/**
	 * Waits for the replicas, and gives the locks back if they do not acknowledge. Nobody
	 * has been told of the grants yet, and nobody is told of their end.
	 * @throws LockNotReplicatedException if too few replicas have the grants
	 */
	void require(List<Grant> grants) {
		if (this.acks == null) {
			return;
		}
		// Otherwise an interrupt from before would end the wait: it is kept for later.
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
			if (replicas.confirm(this.commands.confirm(LockAcquirer.owned(grants)))) {
				return;
			}
		}
		catch (RuntimeException ex) {
			cause = ex;
		}
		List<String> resources = grants.stream().map(Grant::resource).toList();
		LockNotReplicatedException failure = new LockNotReplicatedException(resources,
				"%s was not acknowledged by %s, and so is not locked. Look after the replicas, or change 'locky.min-replicas-ack'"
					.formatted(resources, replicas),
				cause);
		giveBack(grants, failure);
		throw failure;
	}

	/** What was entered again was acknowledged when it was granted, and stays. */
	private void giveBack(List<Grant> grants, LockNotReplicatedException failure) {
		List<Grant> fresh = grants.stream().filter((grant) -> !grant.reentered()).toList();
		if (fresh.isEmpty()) {
			return;
		}
		try {
			this.scripts.run(this.commands.release(LockAcquirer.owned(fresh)));
		}
		catch (RuntimeException ex) {
			// Then it ends with its lease.
			failure.addSuppressed(ex);
		}
	}

}
