package io.locky.web.internal.endpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;

/**
 * The live stream of one subscriber. Events wait in a short queue until a thread of the
 * stream's executor writes them, so that adding one never blocks. If the client is too
 * slow, one {@code missed} event replaces the events that found no room.
 */
public final class LockStream {

	private static final int MOST_WAITING = 256;

	private final LockCaller caller;

	private final Set<String> resources;

	private final Executor executor;

	private final LockStreams streams;

	private final @Nullable String session;

	private final Queue<Function<LockCaller, StreamEvent>> waiting = new ArrayDeque<>();

	private final AtomicInteger signals = new AtomicInteger();

	private final CountDownLatch completion = new CountDownLatch(1);

	private final AtomicBoolean probed = new AtomicBoolean();

	private final long openedAt = System.nanoTime();

	private volatile long progressAt = this.openedAt;

	private volatile boolean closed;

	private volatile @Nullable StreamEvent last;

	private volatile @Nullable Output output;

	LockStream(LockCaller caller, @Nullable String session, Set<String> resources, Executor executor,
			LockStreams streams) {
		this.caller = caller;
		this.session = session;
		this.resources = resources;
		this.executor = executor;
		this.streams = streams;
	}

	/**
	 * Begins to write.
	 * @param target the output
	 */
	public void writeTo(Output target) {
		this.output = target;
		signal();
	}

	/**
	 * Lets a thread check whether there is something to write: there may be a new event,
	 * or room for it.
	 */
	public void signal() {
		if (this.signals.getAndIncrement() == 0) {
			this.executor.execute(this::write);
		}
	}

	/**
	 * Ends the stream of a client that is gone and frees its place. May be called at any
	 * time and more than once.
	 */
	public void close() {
		close(null);
	}

	/**
	 * Ends the stream when the web framework has ended its response.
	 */
	public void completed() {
		this.completion.countDown();
		close();
	}

	/**
	 * Waits until the web framework has ended the response of a stream that was closed.
	 */
	boolean awaitCompletion(Duration most) throws InterruptedException {
		return this.completion.await(most.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Ends the stream and frees its place, in place of all events that were not written
	 * yet.
	 * @param event the last event, or {@code null} if the client is gone
	 */
	void close(@Nullable StreamEvent event) {
		if (!this.closed) {
			this.last = event;
		}
		this.closed = true;
		this.streams.forget(this);
		signal();
	}

	void offer(StreamEvent event) {
		offer((viewer) -> event);
	}

	/**
	 * Adds an event.
	 * @param event returns what the subscriber gets, in the thread that writes it; an end
	 * event ends the stream
	 */
	void offer(Function<LockCaller, StreamEvent> event) {
		synchronized (this.waiting) {
			if (this.waiting.size() >= MOST_WAITING) {
				this.waiting.clear();
				this.waiting.add((viewer) -> StreamEvent.MISSED);
			}
			else {
				this.waiting.add(event);
			}
		}
		signal();
	}

	private @Nullable Function<LockCaller, StreamEvent> poll() {
		synchronized (this.waiting) {
			return this.waiting.poll();
		}
	}

	/**
	 * Whether to find out if an idle stream was closed; false while another thread does.
	 */
	boolean beginProbe() {
		return isIdle() && this.probed.compareAndSet(false, true);
	}

	void endProbe() {
		this.probed.set(false);
	}

	boolean isIdle() {
		synchronized (this.waiting) {
			return this.waiting.isEmpty();
		}
	}

	private void write() {
		int seen = this.signals.get();
		do {
			Output target = this.output;
			if (target != null) {
				write(target);
			}
			seen = this.signals.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private void write(Output target) {
		try {
			while (!this.closed && target.isReady()) {
				Function<LockCaller, StreamEvent> next = poll();
				if (next == null) {
					return;
				}
				StreamEvent event = next.apply(this.caller);
				if (event.isEnd()) {
					close(event);
				}
				else {
					target.send(event);
					this.progressAt = System.nanoTime();
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			this.last = null;
			this.closed = true;
			this.streams.forget(this);
		}
		if (this.closed) {
			end(target);
		}
	}

	private void end(Output target) {
		StreamEvent event = this.last;
		this.last = null;
		try {
			if (event != null) {
				target.send(event);
			}
		}
		catch (IOException | RuntimeException ex) {
			// The client is gone.
		}
		target.end();
	}

	LockCaller caller() {
		return this.caller;
	}

	@Nullable String session() {
		return this.session;
	}

	Set<String> resources() {
		return this.resources;
	}

	boolean watches(String resource) {
		return this.resources.contains(resource);
	}

	long openedAt() {
		return this.openedAt;
	}

	long progressAt() {
		return this.progressAt;
	}

	/**
	 * Writes a live stream to one client. Called by one thread at a time.
	 */
	public interface Output {

		/**
		 * Whether there is room for one more event.
		 * @return whether to send
		 */
		boolean isReady();

		/**
		 * Sends an event.
		 * @param event the event
		 * @throws IOException if the client is gone
		 */
		void send(StreamEvent event) throws IOException;

		/**
		 * Ends the response.
		 */
		void end();

	}

}
