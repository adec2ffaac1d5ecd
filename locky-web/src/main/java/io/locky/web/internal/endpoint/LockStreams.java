package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockyEvent;
import io.locky.internal.redis.BackgroundThread;
import io.locky.internal.redis.Waiter;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;

/**
 * The live streams of this instance. Events of locks pass through here: each is offered
 * to those who watch its resource, in the thread that publishes it, which never waits.
 *
 * @since 0.1.0
 */
public final class LockStreams implements SmartApplicationListener, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(LockStreams.class);

	/** One user who opens many must leave room for others. */
	private static final int MOST_OF_A_CALLER = 50;

	/** A stream that nothing could be written to for so long has lost its reader. */
	private static final Duration LONGEST_STALL = Duration.ofMinutes(1);

	/** The page connects again, and so has to prove again who it is. */
	private static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

	private final Set<LockStream> open = new CopyOnWriteArraySet<>();

	private final Waiter waiter = new Waiter();

	private final LockEndpoint endpoint;

	private final StreamEvents events;

	private final StreamSettings settings;

	private volatile @Nullable BackgroundThread thread;

	private volatile boolean running;

	/**
	 * Creates the streams. They open once this is started.
	 * @param endpoint who may watch
	 * @param answers what is told of holders
	 * @param settings the bounds
	 */
	public LockStreams(LockEndpoint endpoint, LockAnswers answers, StreamSettings settings) {
		this.endpoint = endpoint;
		this.events = new StreamEvents(answers);
		this.settings = settings;
	}

	/**
	 * Opens a stream. Events wait in it from now on.
	 * @param caller who watches
	 * @param resources what may be locked
	 * @param executor where it is written; each stream holds one thread at most
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
		if (!this.running || this.open.size() >= this.settings.maxSubscribers() || own >= MOST_OF_A_CALLER) {
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
	 * How many streams are open.
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
		else if (event instanceof LockyEvent change && StreamEvents.isTold(change)) {
			List<LockStream> watching = this.open.stream()
				.filter((stream) -> stream.watches(change.getResource()))
				.toList();
			if (!watching.isEmpty()) {
				tell(change, watching);
			}
		}
	}

	private void tell(LockyEvent event, List<LockStream> watching) {
		try {
			StreamEvent forOthers = this.events.of(event, false);
			StreamEvent forOwner = this.events.of(event, true);
			watching.forEach((stream) -> stream
				.offer(stream.caller().locker().equals(event.getLocker()) ? forOwner : forOthers));
		}
		catch (RuntimeException ex) {
			logger.error("What is shown of {} failed; those who watch read the state instead", event, ex);
			watching.forEach((stream) -> stream.offer(StreamEvent.MISSED));
		}
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
		return LockyEvent.class.isAssignableFrom(type) || LockEventsMissedEvent.class.isAssignableFrom(type);
	}

	/**
	 * Before listeners that may throw: Spring does not call those that come after them.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public synchronized void start() {
		if (!this.running) {
			this.running = true;
			this.thread = BackgroundThread.start("locky-streams", (self) -> keepAlive());
		}
	}

	private void keepAlive() {
		try {
			while (this.running) {
				this.waiter.await(this.settings.heartbeat());
				this.open.forEach((stream) -> keepAlive(stream, System.nanoTime()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void keepAlive(LockStream stream, long now) {
		boolean stalled = !stream.isIdle() && now - stream.progressAt() > LONGEST_STALL.toNanos();
		// Not all at once: they connect again.
		long life = ThreadLocalRandom.current().nextLong(LONGEST_LIFE.toNanos() * 3 / 4, LONGEST_LIFE.toNanos());
		if (stalled || now - stream.openedAt() > life) {
			stream.close();
		}
		else if (stream.isIdle()) {
			stream.offer(StreamEvent.ALIVE);
		}
	}

	/** Before the web server stops, which would wait for the streams to end. */
	@Override
	public void stop() {
		BackgroundThread stopped;
		synchronized (this) {
			this.running = false;
			stopped = this.thread;
			this.thread = null;
		}
		this.waiter.wake();
		if (stopped != null) {
			stopped.awaitEnd(Duration.ofSeconds(5));
		}
		this.open.forEach(LockStream::close);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
