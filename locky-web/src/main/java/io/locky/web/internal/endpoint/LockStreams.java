package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockyEvent;
import io.locky.event.PresenceChangedEvent;
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
 * The live streams of this instance. The thread that publishes an event of a lock only
 * hands it over. A thread of the streams adds it to every stream that watches the
 * resource, and the threads of the streams find out what each subscriber may see of it.
 */
public final class LockStreams implements SmartApplicationListener, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(LockStreams.class);

	/** A user who opens many streams must leave room for others. */
	private static final int MOST_OF_A_CALLER = 50;

	/** After so long without a successful write, the client is considered gone. */
	private static final Duration LONGEST_STALL = Duration.ofMinutes(1);

	/** The page connects again, and so has to authenticate again. */
	private static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

	/** A closed connection fails at the second write, after the answer to the first. */
	private static final Duration SECOND_PROBE = Duration.ofMillis(200);

	private static final Duration RETRY = Duration.ofSeconds(1);

	private static final int SECONDS_TO_STOP = 5;

	/**
	 * Between two checks of all that a subscriber watches, in intervals of keep-alive.
	 */
	private static final int INTERVALS_PER_CHECK = 4;

	private final Set<LockStream> open = new CopyOnWriteArraySet<>();

	private final LockEndpoint endpoint;

	private final LockAnswers answers;

	private final Settings settings;

	private final EventHandover handover = new EventHandover(this::distribute,
			() -> this.open.forEach((stream) -> stream.offer(StreamEvent.MISSED)));

	private volatile @Nullable ThreadPoolTaskScheduler scheduler;

	private int intervals;

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
	 * @param session the session of the caller, or {@code null}: the stream ends with it
	 * @param resources the resources to watch
	 * @param executor runs the writes; a stream uses one thread at a time
	 * @return the stream
	 * @throws EndpointProblem if there is no room for it, or the caller may not watch
	 */
	public LockStream open(LockCaller caller, @Nullable String session, @Nullable List<@Nullable String> resources,
			Executor executor) {
		LockStream stream = new LockStream(caller, session, this.endpoint.watchable(caller, resources), executor, this);
		stream.offer(StreamEvent.ready(this.settings));
		add(stream);
		return stream;
	}

	private synchronized void add(LockStream stream) {
		ThreadPoolTaskScheduler running = this.scheduler;
		String locker = stream.caller().locker();
		List<LockStream> own = this.open.stream().filter((other) -> other.caller().locker().equals(locker)).toList();
		boolean isFull = this.open.size() >= this.settings.maxSubscribers();
		if (running != null) {
			// A page that was closed, or watches something else now, leaves one that is
			// closed.
			probe(isFull ? List.copyOf(this.open) : own, running);
		}
		if (running == null || isFull || own.size() >= MOST_OF_A_CALLER) {
			throw EndpointProblem
				.of(HttpStatus.SERVICE_UNAVAILABLE, "too-many-subscribers", "There is no room for another live stream.")
				.retryAfter(RETRY);
		}
		this.open.add(stream);
	}

	private static void probe(List<LockStream> streams, ThreadPoolTaskScheduler running) {
		List<LockStream> idle = streams.stream().filter(LockStream::beginProbe).toList();
		if (!idle.isEmpty()) {
			idle.forEach((stream) -> stream.offer(StreamEvent.ALIVE));
			running.schedule(() -> idle.forEach((stream) -> {
				stream.endProbe();
				stream.offer(StreamEvent.ALIVE);
			}), running.getClock().instant().plus(SECOND_PROBE));
		}
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

	/**
	 * Ends the streams of a session that ends.
	 * @param session the session
	 * @param most how long to wait for the web framework to end their responses
	 */
	void endSession(String session, Duration most) {
		List<LockStream> ended = close(session, StreamEvent.UNAUTHENTICATED);
		long end = System.nanoTime() + most.toNanos();
		try {
			for (LockStream stream : ended) {
				stream.awaitCompletion(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Ends the streams of a session, to be opened again with its new id.
	 * @param session the old id of the session
	 */
	void renewSession(String session) {
		close(session, StreamEvent.RENEW);
	}

	private List<LockStream> close(String session, StreamEvent event) {
		List<LockStream> closed = this.open.stream().filter((stream) -> session.equals(stream.session())).toList();
		closed.forEach((stream) -> stream.close(event));
		return closed;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (!this.open.isEmpty() && !(event instanceof LockyEvent change && !StreamEvent.isShown(change))) {
			this.handover.accept(event);
		}
	}

	private void distribute(ApplicationEvent event, long publishedAt) {
		for (LockStream stream : this.open) {
			// A stream reads the state after it is opened: an older event would be wrong
			// then.
			if (stream.openedAt() - publishedAt > 0) {
				continue;
			}
			if (!(event instanceof LockyEvent change)) {
				stream.offer(StreamEvent.MISSED);
			}
			else if (stream.watches(change.getResource()) && StreamEvent.isFor(change, stream.caller())) {
				stream.offer((viewer) -> shown(change, viewer));
			}
		}
	}

	private StreamEvent shown(LockyEvent event, LockCaller viewer) {
		try {
			if (!this.endpoint.mayWatch(viewer, event.getResource())) {
				return StreamEvent.FORBIDDEN;
			}
			boolean isHidden = event instanceof PresenceChangedEvent
					&& !this.endpoint.maySeePresence(viewer, event.getResource());
			return isHidden ? StreamEvent.ALIVE : StreamEvent.of(event, viewer, this.answers);
		}
		catch (RuntimeException ex) {
			logger.error("The LockHolderView or LockAccessPolicy failed for {}; a subscriber reads the state instead",
					event, ex);
			return StreamEvent.MISSED;
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
		this.intervals++;
		this.open.forEach((stream) -> keepAlive(stream, System.nanoTime()));
	}

	private void keepAlive(LockStream stream, long now) {
		boolean stalled = !stream.isIdle() && now - stream.progressAt() > LONGEST_STALL.toNanos();
		// Not all at once, because their pages connect again.
		long life = ThreadLocalRandom.current().nextLong(LONGEST_LIFE.toNanos() * 3 / 4, LONGEST_LIFE.toNanos());
		if (stalled) {
			stream.close();
		}
		else if (now - stream.openedAt() > life) {
			stream.close(StreamEvent.RENEW);
		}
		else if (this.intervals % INTERVALS_PER_CHECK == 0) {
			stream.offer((viewer) -> checked(stream.resources(), viewer));
		}
		else if (stream.isIdle()) {
			stream.offer(StreamEvent.ALIVE);
		}
	}

	private StreamEvent checked(Set<String> resources, LockCaller viewer) {
		try {
			return resources.stream().allMatch((resource) -> this.endpoint.mayWatch(viewer, resource))
					? StreamEvent.ALIVE : StreamEvent.FORBIDDEN;
		}
		catch (RuntimeException ex) {
			logger.error("The LockAccessPolicy failed; it is asked again later", ex);
			return StreamEvent.ALIVE;
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
