package io.locky.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.listener.ChannelTopic;

/**
 * The one subscription of an instance to the channel of hints, shared by all its
 * listeners. It begins when hints are needed first.
 */
public final class LockySignals implements MessageListener, SubscriptionListener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LockySignals.class);

	/** Followed by the waiter, which has no colon, and a colon and the resource. */
	private static final String TURN = "turn:";

	/** Of earlier versions. */
	private static final String RELEASED = "released:";

	private static final String EVENT = "event:";

	private final RedisConnectionFactory connectionFactory;

	private final ChannelTopic channel;

	private final List<SignalListener> listeners = new CopyOnWriteArrayList<>();

	private boolean closed;

	private volatile @Nullable HintSubscription subscription;

	/**
	 * Creates a subscription that has not begun yet.
	 * @param connectionFactory the access to Redis
	 * @param channel the channel of hints
	 */
	public LockySignals(RedisConnectionFactory connectionFactory, String channel) {
		this.connectionFactory = connectionFactory;
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
	 * Says that hints are of use, and returns at once. A thread of its own subscribes,
	 * and tries again until it succeeds. A failure is logged and not thrown: everything
	 * works without hints, only up to a second later. To be called after Redis has
	 * answered another command.
	 */
	public void subscribe() {
		HintSubscription current = this.subscription;
		if (current == null || !current.isAlive()) {
			begin();
		}
		else {
			current.redisAnswers();
		}
	}

	/** Holds the monitor only to start a thread. */
	private synchronized void begin() {
		HintSubscription current = this.subscription;
		if (this.closed || (current != null && current.isAlive())) {
			return;
		}
		try {
			this.subscription = new HintSubscription(this.connectionFactory, this.channel, this);
		}
		catch (Throwable ex) {
			// There are too many threads: the next caller tries. This one needs no hints.
			logger.debug("The thread that subscribes could not be started", ex);
		}
	}

	@Override
	public void onMessage(Message message, byte @Nullable [] pattern) {
		String hint = new String(message.getBody(), StandardCharsets.UTF_8);
		if (hint.startsWith(TURN)) {
			turn(hint);
		}
		else if (hint.startsWith(RELEASED)) {
			String resource = hint.substring(RELEASED.length());
			this.listeners.forEach((listener) -> listener.released(resource));
		}
		else if (hint.startsWith(EVENT)) {
			this.listeners.forEach((listener) -> listener.logged(hint));
		}
		else {
			DeadlineHint deadline = DeadlineHint.read(hint);
			if (deadline != null) {
				this.listeners.forEach((listener) -> listener.deadlineChanged(deadline));
			}
		}
	}

	private void turn(String hint) {
		int end = hint.indexOf(':', TURN.length());
		if (end > 0) {
			String waiter = hint.substring(TURN.length(), end);
			String resource = hint.substring(end + 1);
			this.listeners.forEach((listener) -> listener.turn(waiter, resource));
		}
	}

	@Override
	public void onChannelSubscribed(byte[] channel, long count) {
		this.listeners.forEach(SignalListener::subscribed);
	}

	/**
	 * Ends the subscription, until {@link #subscribe()} is called again. It takes two
	 * seconds at most.
	 */
	public void stop() {
		HintSubscription current = end(false);
		if (current != null) {
			current.stop();
		}
	}

	private synchronized @Nullable HintSubscription end(boolean forGood) {
		this.closed |= forGood;
		HintSubscription current = this.subscription;
		this.subscription = null;
		return current;
	}

	/**
	 * Whether hints arrive while there is a connection.
	 * @return whether Redis has confirmed the subscription
	 */
	public boolean isSubscribed() {
		HintSubscription current = this.subscription;
		return current != null && current.isSubscribed();
	}

	/**
	 * Ends the subscription and its threads for good.
	 */
	@Override
	public void close() {
		HintSubscription current = end(true);
		if (current != null) {
			current.stop();
		}
	}

}
