package io.locky.internal.lock;

import java.util.List;

import io.locky.InvalidSettingException;
import io.locky.LockNotReplicatedException;
import io.locky.LockySettings;
import io.locky.internal.redis.ExclusiveConnections;
import io.locky.internal.redis.RedisDriver;
import io.locky.internal.redis.ReplicaAcks;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

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
	 * The connections to wait for replicas on.
	 * @param redis the access to Redis
	 * @param settings how many replicas must acknowledge
	 * @return the connections, or {@code null} if none has to
	 * @throws InvalidSettingException if the access to Redis does not support that
	 */
	static @Nullable ExclusiveConnections connections(RedisConnectionFactory redis, LockySettings settings) {
		if (settings.minReplicasAck() == 0) {
			return null;
		}
		InvalidSettingException.require(!RedisDriver.isCluster(redis), "minReplicasAck",
				() -> "cannot be used on Redis Cluster, whose connections may follow a slot to another node between the "
						+ "grant and the wait for its replicas: set it to 0");
		LettuceConnectionFactory lettuce = RedisDriver.lettuce(redis);
		if (lettuce == null) {
			throw new InvalidSettingException("minReplicasAck",
					"needs a connection factory of the driver Lettuce: use one, or set it to 0");
		}
		return ExclusiveConnections.like(lettuce);
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
