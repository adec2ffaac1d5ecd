package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * The one subscription of an instance to the channel of hints, shared by all its
 * listeners. It begins when hints are needed first.
 */
public final class LockySignals implements MessageListener, SubscriptionListener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LockySignals.class);

	private static final Duration RETRY = Duration.ofMinutes(1);

	private static final String RELEASED = "released:";

	private static final String EVENT = "event:";

	private static final String DEADLINE = "deadline";

	private final RedisMessageListenerContainer container;

	private final ChannelTopic channel;

	private final List<SignalListener> listeners = new CopyOnWriteArrayList<>();

	private long nextAttempt = System.nanoTime();

	private boolean warned;

	private boolean closed;

	private volatile boolean subscribed;

	/**
	 * Creates a subscription that has not begun yet.
	 * @param connectionFactory the access to Redis
	 * @param channel the channel of hints
	 */
	public LockySignals(RedisConnectionFactory connectionFactory, String channel) {
		this.container = LockyMessageListenerContainer.on(connectionFactory);
		this.channel = ChannelTopic.of(channel);
	}

	/**
	 * Adds a listener. It runs in the thread of the connection and must not block; it may
	 * wake other threads.
	 * @param listener the listener
	 */
	public void addListener(SignalListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Subscribes unless there is a subscription, and returns once Redis has confirmed.
	 * From then on the subscription is restored with its connection. A failure is logged
	 * once and not thrown: everything works without hints, only up to a second later.
	 */
	public void subscribe() {
		if (!this.subscribed) {
			subscribeOnce();
		}
	}

	private synchronized void subscribeOnce() {
		if (this.subscribed || this.closed || System.nanoTime() - this.nextAttempt < 0) {
			return;
		}
		boolean interrupted = Thread.interrupted();
		try {
			this.container.addMessageListener(this, this.channel);
			this.container.start();
			this.subscribed = true;
			this.warned = false;
		}
		catch (RuntimeException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof InterruptedException) {
				// That says nothing about Redis: the next caller tries.
				interrupted = true;
				return;
			}
			this.nextAttempt = System.nanoTime() + RETRY.toNanos();
			warn(ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void warn(RuntimeException failure) {
		if (!this.warned) {
			this.warned = true;
			logger.warn(
					"No hints from Redis on channel '{}', so instances notice expiries and released locks up to a "
							+ "second late: {}. If Redis has ACLs, its user needs +subscribe &{}. Trying again every "
							+ "minute.",
					this.channel.getTopic(), NestedExceptionUtils.getMostSpecificCause(failure).getMessage(),
					this.channel.getTopic());
		}
	}

	@Override
	public void onMessage(Message message, byte @Nullable [] pattern) {
		String hint = new String(message.getBody(), StandardCharsets.UTF_8);
		if (hint.startsWith(RELEASED)) {
			String resource = hint.substring(RELEASED.length());
			this.listeners.forEach((listener) -> listener.released(resource));
		}
		else if (hint.startsWith(EVENT)) {
			this.listeners.forEach((listener) -> listener.logged(hint));
		}
		else if (hint.equals(DEADLINE)) {
			this.listeners.forEach(SignalListener::deadlineChanged);
		}
	}

	@Override
	public void onChannelSubscribed(byte[] channel, long count) {
		this.listeners.forEach(SignalListener::subscribed);
	}

	/**
	 * Ends the subscription, until {@link #subscribe()} is called again.
	 */
	public synchronized void stop() {
		if (this.subscribed) {
			this.subscribed = false;
			this.container.stop();
			this.container.removeMessageListener(this);
		}
	}

	/**
	 * Whether the subscription has begun.
	 * @return whether hints are received while there is a connection
	 */
	public boolean isSubscribed() {
		return this.subscribed;
	}

	/**
	 * Ends the subscription and its threads for good.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		stop();
		try {
			this.container.destroy();
		}
		catch (Exception ex) {
			logger.debug("The listener container could not be closed", ex);
		}
	}

}
