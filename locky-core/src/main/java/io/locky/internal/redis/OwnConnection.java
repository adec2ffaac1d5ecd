package io.locky.internal.redis;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A connection like those of another factory, except that the driver does not send a
 * command twice. It is opened when it is needed first, and shares the threads of the
 * other factory.
 * <p>
 * It depends on that factory: while the other one is not running, there is no connection;
 * when it was started again, this one begins again, too.
 */
final class OwnConnection implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(OwnConnection.class);

	private final LettuceConnectionFactory other;

	private final StampedLock use = new StampedLock();

	private volatile @Nullable Derived derived;

	private boolean closed;

	private OwnConnection(LettuceConnectionFactory other) {
		this.other = other;
	}

	/**
	 * Creates the connection on demand.
	 * @param factory any connection factory
	 * @return the connection, or {@code null} if none can be derived from the factory: it
	 * is of another driver, or of a class of the application
	 */
	static @Nullable OwnConnection like(RedisConnectionFactory factory) {
		LettuceConnectionFactory lettuce = RedisDriver.lettuce(factory);
		boolean derivable = lettuce != null && lettuce.getClass() == LettuceConnectionFactory.class
				&& RedisSettings.servers(lettuce) != null;
		return derivable ? new OwnConnection(Objects.requireNonNull(lettuce)) : null;
	}

	/**
	 * Begins to use the connection: until the end, {@link #release()} does not close it.
	 * @return the stamp for {@link #endUse}
	 */
	long beginUse() {
		return this.use.readLock();
	}

	/**
	 * Begins to use the connection as {@link #beginUse()} does, without waiting.
	 * @return the stamp, or 0 if the connection is being closed
	 */
	long tryBeginUse() {
		return this.use.tryReadLock();
	}

	void endUse(long stamp) {
		this.use.unlockRead(stamp);
	}

	/**
	 * Sends scripts on the connection.
	 * @return the access to it, or {@code null} if the connection of the application must
	 * be shared
	 * @throws DataAccessException if there is no connection
	 */
	@Nullable NativeScripts scripts() {
		AbstractRedisClient client = this.other.getNativeClient();
		Derived present = this.derived;
		if (present == null || present.client != client) {
			present = (client != null) ? derive(client) : null;
		}
		return (present != null) ? present.scripts() : null;
	}

	/**
	 * The access to the connection where it is open: does not block.
	 * @return the access, or {@code null} if {@link #scripts()} would have to connect
	 */
	@Nullable NativeScripts connectedScripts() {
		Derived present = this.derived;
		return (present != null && present.client == this.other.getNativeClient()) ? present.scripts : null;
	}

	private synchronized @Nullable Derived derive(AbstractRedisClient client) {
		Derived present = this.derived;
		if (this.closed || (present != null && present.client == client)) {
			return present;
		}
		destroy();
		try {
			Derived next = Derived.of(this.other, client);
			this.derived = next;
			return next;
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("Locky shares the connection of the application, because none like it can be opened: {}",
					ex.toString());
			this.closed = true;
			return null;
		}
	}

	/**
	 * Closes the connection unless it is in use. It is opened again when it is needed.
	 */
	void release() {
		long stamp = this.use.tryWriteLock();
		if (stamp != 0) {
			try {
				destroy();
			}
			finally {
				this.use.unlockWrite(stamp);
			}
		}
	}

	/**
	 * Closes the connection. From now on the other factory is used.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		destroy();
	}

	private synchronized void destroy() {
		Derived present = this.derived;
		this.derived = null;
		if (present != null) {
			present.destroy();
		}
	}

	/**
	 * The factory of one connection.
	 */
	private static final class Derived {

		private final AbstractRedisClient client;

		private final LettuceConnectionFactory factory;

		private final ClientResources resources;

		private volatile @Nullable NativeScripts scripts;

		private Derived(AbstractRedisClient client, LettuceConnectionFactory factory, ClientResources resources) {
			this.client = client;
			this.factory = factory;
			this.resources = resources;
		}

		static Derived of(LettuceConnectionFactory other, AbstractRedisClient client) {
			RedisConfiguration servers = Objects.requireNonNull(RedisSettings.servers(other));
			ClientResources resources = resources(client.getResources());
			LettuceConnectionFactory factory = new LettuceConnectionFactory(servers,
					RedisSettings.client(other, options(other), resources));
			factory.afterPropertiesSet();
			factory.start();
			return new Derived(client, factory, resources);
		}

		/**
		 * NativeScripts waits no longer than the time-out, without a timer for each
		 * command.
		 */
		private static ClientOptions options(LettuceConnectionFactory other) {
			return RedisSettings.options(other, true).mutate().timeoutOptions(TimeoutOptions.create()).build();
		}

		NativeScripts scripts() {
			NativeScripts present = this.scripts;
			return (present != null) ? present : connect();
		}

		private synchronized NativeScripts connect() {
			NativeScripts present = this.scripts;
			if (present == null) {
				present = NativeScripts.on(this.factory);
				this.scripts = present;
			}
			return present;
		}

		/**
		 * The same resources. Those that the builder is given one by one belong to the
		 * other client, and outlive these.
		 */
		private static ClientResources resources(ClientResources other) {
			return other.mutate()
				.eventLoopGroupProvider(other.eventLoopGroupProvider())
				.eventExecutorGroup(other.eventExecutorGroup())
				.timer(other.timer())
				.commandLatencyRecorder(other.commandLatencyRecorder())
				.commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled())
				.nettyCustomizer(new Customizer(other.nettyCustomizer()))
				.build();
		}

		void destroy() {
			this.factory.destroy();
			this.resources.shutdown(0, 0, TimeUnit.MILLISECONDS);
		}

	}

	/**
	 * Adds to what the application does with its channels.
	 */
	private static final class Customizer implements NettyCustomizer {

		private static final int MOST_IN_ONE_WRITE = 256;

		private final NettyCustomizer application;

		private Customizer(NettyCustomizer application) {
			this.application = application;
		}

		@Override
		public void afterBootstrapInitialized(Bootstrap bootstrap) {
			this.application.afterBootstrapInitialized(bootstrap);
		}

		@Override
		public void afterChannelInitialized(Channel channel) {
			this.application.afterChannelInitialized(channel);
			LostConnectionHandler.failOnLoss(channel);
			// The commands of concurrent callers are sent with one write.
			channel.pipeline().addFirst(new FlushConsolidationHandler(MOST_IN_ONE_WRITE, true));
		}

	}

}
