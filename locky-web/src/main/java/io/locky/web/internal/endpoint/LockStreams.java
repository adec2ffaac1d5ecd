package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockyEvent;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * The live streams of this instance. The thread that publishes an event of a lock also
 * adds it to every stream that watches the resource, and never waits for a client.
 */
public final class LockStreams implements SmartApplicationListener, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(LockStreams.class);

	/** A user who opens many streams must leave room for others. */
	private static final int MOST_OF_A_CALLER = 50;

	/** After so long without a successful write, the client is considered gone. */
	private static final Duration LONGEST_STALL = Duration.ofMinutes(1);

	/** The page connects again, and so has to authenticate again. */
	private static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

	private static final int SECONDS_TO_STOP = 5;

	private final Set<LockStream> open = new CopyOnWriteArraySet<>();

	private final LockEndpoint endpoint;

	private final LockAnswers answers;

	private final Settings settings;

	private volatile @Nullable ThreadPoolTaskScheduler scheduler;

	/**
	 * Creates the streams. They open once this is started.
	 * @param endpoint checks what a caller may watch
	 * @param answers what to show of holders
	 * @param settings the limits
	 */
	public LockStreams(LockEndpoint endpoint, LockAnswers answers, Settings settings) {
		this.endpoint = endpoint;
		this.answers = answers;
		this.settings = settings;
	}

	/**
	 * Opens a stream. From now on it collects events.
	 * @param caller the caller
	 * @param resources the resources to watch
	 * @param executor runs the writes; a stream uses one thread at a time
	 * @return the stream
	 * @throws EndpointProblem if there is no room for it, or the caller may not watch
	 */
	public LockStream open(LockCaller caller, @Nullable List<@Nullable String> resources, Executor executor) {
		LockStream stream = new LockStream(caller, this.endpoint.watchable(caller, resources), executor, this);
		stream.offer(StreamEvent.ready(this.settings));
		add(stream);
		return stream;
	}

	private synchronized void add(LockStream stream) {
		String locker = stream.caller().locker();
		long own = this.open.stream().filter((other) -> other.caller().locker().equals(locker)).count();
		if (!isRunning() || this.open.size() >= this.settings.maxSubscribers() || own >= MOST_OF_A_CALLER) {
			throw EndpointProblem
				.of(HttpStatus.SERVICE_UNAVAILABLE, "too-many-subscribers", "There is no room for another live stream.")
				.retryAfter(this.settings.heartbeat());
		}
		this.open.add(stream);
	}

	synchronized void forget(LockStream stream) {
		this.open.remove(stream);
	}

	/**
	 * Returns how many streams are open.
	 * @return the number of subscribers
	 */
	public int size() {
		return this.open.size();
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof LockEventsMissedEvent) {
			this.open.forEach((stream) -> stream.offer(StreamEvent.MISSED));
		}
		else if (event instanceof LockyEvent change && StreamEvent.isShown(change)) {
			List<LockStream> watching = this.open.stream()
				.filter((stream) -> stream.watches(change.getResource()))
				.toList();
			if (!watching.isEmpty()) {
				offer(change, watching);
			}
		}
	}

	private void offer(LockyEvent event, List<LockStream> watching) {
		try {
			StreamEvent forOthers = StreamEvent.of(event, false, this.answers);
			StreamEvent forOwner = StreamEvent.of(event, true, this.answers);
			watching.forEach((stream) -> stream
				.offer(stream.caller().locker().equals(event.getLocker()) ? forOwner : forOthers));
		}
		catch (RuntimeException ex) {
			logger.error("The LockHolderView failed for {}; its subscribers read the state instead", event, ex);
			watching.forEach((stream) -> stream.offer(StreamEvent.MISSED));
		}
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
		return LockyEvent.class.isAssignableFrom(type) || LockEventsMissedEvent.class.isAssignableFrom(type);
	}

	/**
	 * Before listeners that may throw: Spring does not call the listeners after them.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public synchronized void start() {
		if (!isRunning()) {
			ThreadPoolTaskScheduler started = new ThreadPoolTaskScheduler();
			started.setThreadNamePrefix("locky-streams-");
			started.setDaemon(true);
			// A pass that has begun ends by itself: an interrupt could reach a write.
			started.setWaitForTasksToCompleteOnShutdown(true);
			started.setAwaitTerminationSeconds(SECONDS_TO_STOP);
			started.initialize();
			Duration interval = this.settings.heartbeat();
			started.scheduleWithFixedDelay(this::keepAlive, started.getClock().instant().plus(interval), interval);
			this.scheduler = started;
		}
	}

	private void keepAlive() {
		this.open.forEach((stream) -> keepAlive(stream, System.nanoTime()));
	}

	private static void keepAlive(LockStream stream, long now) {
		boolean stalled = !stream.isIdle() && now - stream.progressAt() > LONGEST_STALL.toNanos();
		// Not all at once, because their pages connect again.
		long life = ThreadLocalRandom.current().nextLong(LONGEST_LIFE.toNanos() * 3 / 4, LONGEST_LIFE.toNanos());
		if (stalled) {
			stream.close();
		}
		else if (now - stream.openedAt() > life) {
			stream.close(StreamEvent.RENEW);
		}
		else if (stream.isIdle()) {
			stream.offer(StreamEvent.ALIVE);
		}
	}

	/** Before the web server stops, which would wait for the streams to end. */
	@Override
	public void stop() {
		ThreadPoolTaskScheduler stopped;
		synchronized (this) {
			stopped = this.scheduler;
			this.scheduler = null;
		}
		if (stopped != null) {
			stopped.shutdown();
		}
		this.open.forEach((stream) -> stream.close(StreamEvent.SHUTDOWN));
	}

	@Override
	public boolean isRunning() {
		return this.scheduler != null;
	}

	/**
	 * The limits of live streams.
	 *
	 * @param maxSubscribers how many streams one instance serves at once
	 * @param heartbeat the interval of keep-alive events on an idle stream
	 * @param broadcast whether the streams also show events of other instances
	 */
	public record Settings(int maxSubscribers, Duration heartbeat, boolean broadcast) {

	}

}
