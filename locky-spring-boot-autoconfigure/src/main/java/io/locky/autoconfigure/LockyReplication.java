package io.locky.autoconfigure;

import io.locky.blocking.ReplicaAcks;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

/**
 * The wait for replicas, where it is asked for, and the connections that are kept for it.
 */
class LockyReplication implements DisposableBean {

	private final @Nullable ReplicaAcks acks;

	private final @Nullable Runnable end;

	LockyReplication(LockyConnection connection, LockyProperties properties) {
		if (properties.minReplicasAck() == 0) {
			this.acks = null;
			this.end = null;
			return;
		}
		Assert.state(!connection.isCluster(),
				"'locky.min-replicas-ack' cannot be used on Redis Cluster, whose connections may follow a slot to "
						+ "another node between the grant and the wait for its replicas: set it to 0");
		Assert.state(connection.isLettuce(),
				"'locky.min-replicas-ack' needs a connection factory of the driver Lettuce: use one, or set it to 0");
		LettuceConnectionFactory own = ExclusiveConnections.like((LettuceConnectionFactory) connection.factory());
		this.acks = new ReplicaAcks(own, properties.minReplicasAck(), properties.minReplicasAckTimeout());
		this.end = own::destroy;
	}

	@Nullable ReplicaAcks acks() {
		return this.acks;
	}

	@Override
	public void destroy() {
		if (this.acks != null && this.end != null) {
			this.acks.close();
			this.end.run();
		}
	}

}
