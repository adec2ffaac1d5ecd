package io.locky.internal.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;

/**
 * A subscription that is wanted until it is stopped. Its thread subscribes, tries again
 * after a failure or a loss, and closes the connection in the end. Nothing else touches
 * the connection, so that no other thread waits for it.
 */
final class HintSubscription {

	private static final Logger logger = LoggerFactory.getLogger(HintSubscription.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	/** The container waits for it twice, each in vain where an attempt got nowhere. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

	private final RedisConnectionFactory connectionFactory;

	private final ChannelTopic channel;

	private final MessageListener listener;

	private final Waiter changes = new Waiter();

	private final Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);

	private final BackgroundThread thread;

	private @Nullable LockyMessageListenerContainer container;

	private boolean warned;

	private volatile boolean redisAnswers;

	private volatile boolean subscribed;

	/**
	 * Starts a thread that subscribes.
	 * @param connectionFactory the access to Redis
	 * @param channel the channel
	 * @param listener receives the messages
	 */
	HintSubscription(RedisConnectionFactory connectionFactory, ChannelTopic channel, MessageListener listener) {
		this.connectionFactory = connectionFactory;
		this.channel = channel;
		this.listener = listener;
		this.thread = BackgroundThread.start("locky-signals", this::run);
	}

	private void run(BackgroundThread self) {
		try {
			while (!self.isStopped()) {
				pause(attempt(self));
			}
		}
		finally {
			this.subscribed = false;
			// What stop() interrupted is over. Closing must not be interrupted.
			Thread.interrupted();
			discard();
		}
	}

	private void pause(Duration atMost) {
		try {
			this.changes.await(atMost);
		}
		catch (InterruptedException ex) {
			// Only a stop ends the thread.
			return;
		}
	}

	private Duration attempt(BackgroundThread self) {
		try {
			if (this.container != null && !this.container.hasFailed()) {
				return LONGEST_PAUSE;
			}
			boolean lost = this.subscribed;
			this.subscribed = false;
			discard();
			if (lost) {
				this.redisAnswers = false;
				return this.pauses.next();
			}
			begin();
			return LONGEST_PAUSE;
		}
		catch (Throwable ex) {
			discard();
			if (!self.isStopped()) {
				warn(ex);
			}
			return this.pauses.next();
		}
	}

	private void begin() {
		LockyMessageListenerContainer next = LockyMessageListenerContainer.on(this.connectionFactory, this::onFailure);
		this.container = next;
		next.addMessageListener(this.listener, this.channel);
		next.start();
		this.subscribed = true;
		this.pauses.reset();
		if (next.hasFailed()) {
			this.changes.wake();
		}
		if (this.warned) {
			this.warned = false;
			logger.info("Hints from Redis arrive on channel '{}'.", this.channel.getTopic());
		}
	}

	/** A failed attempt does not wake the thread: it waits for the next one. */
	private void onFailure() {
		if (this.subscribed) {
			this.changes.wake();
		}
	}

	/**
	 * Warns once, and only while Redis answers: otherwise there are other warnings, and
	 * hints are the least of the worries.
	 */
	private void warn(Throwable failure) {
		boolean refused = RedisErrors.isRefusal(failure);
		boolean answers = this.redisAnswers || refused;
		this.redisAnswers = false;
		logger.debug("No subscription to channel '{}'", this.channel.getTopic(), failure);
		if (answers && !this.warned) {
			this.warned = true;
			logger.warn(
					"No hints from Redis on channel '{}', so instances notice expiries and released locks up to a "
							+ "second late: {}. {}Trying again until they arrive.",
					this.channel.getTopic(), RedisErrors.message(failure),
					refused ? "If Redis has ACLs, its user needs +subscribe &" + this.channel.getTopic() + ". " : "");
		}
	}

	private void discard() {
		LockyMessageListenerContainer former = this.container;
		this.container = null;
		if (former != null) {
			try {
				former.setMaxSubscriptionRegistrationWaitingTime(CLOSE_TIMEOUT.toMillis());
				former.destroy();
			}
			catch (Throwable ex) {
				logger.debug("The listener container could not be closed", ex);
			}
		}
	}

	/** Records that Redis has just answered another command. */
	void redisAnswers() {
		this.redisAnswers = true;
	}

	boolean isSubscribed() {
		return this.subscribed;
	}

	/**
	 * Whether it is of use.
	 * @return false if the thread has died
	 */
	boolean isAlive() {
		return this.thread.isAlive();
	}

	/**
	 * Ends the subscription. If its connection does not end within two seconds, the
	 * thread waits for it, and not the caller.
	 */
	void stop() {
		this.thread.interrupt();
		if (!this.thread.awaitEnd(STOP_TIMEOUT)) {
			logger.debug("The connection for hints on channel '{}' is not closed yet", this.channel.getTopic());
		}
	}

}
