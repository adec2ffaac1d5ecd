package io.locky.internal.lock;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.locky.LockInfo;
import io.locky.internal.lock.AcquireReply.Denied;
import io.locky.internal.lock.AcquireReply.Granted;
import io.locky.internal.lock.LockCommands.LeavingWaiter;
import io.locky.internal.lock.LockCommands.Waiting;
import io.locky.internal.redis.DaemonThreads;
import io.locky.internal.redis.LockySignals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of this application that wait for locks.
 * <p>
 * Redis has one line for each lock, with the waiters of all applications. When a lock is
 * made free, its first waiter gets the turn, with a message that wakes only this waiter.
 * Messages get lost and applications die, so each application also looks from time to
 * time at the locks that its waiters wait for, at many with one command, and the first
 * waiter of one that is free makes an attempt. All others have no timer and send nothing.
 */
final class LocalWaiters implements Successors, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LocalWaiters.class);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	/** So long a free lock is kept for a waiter whose turn it is: see prelude.lua. */
	private static final Duration TURN = Duration.ofMillis(500);

	/** Looks that nothing makes urgent fall together at its multiples. */
	private static final long RHYTHM = Duration.ofMillis(100).toNanos();

	private final Map<String, Place> places = new ConcurrentHashMap<>();

	/** By resource. */
	private final Map<String, LocalLine> lines = new ConcurrentHashMap<>();

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
			DaemonThreads.named("locky-lock-timer-"));

	private final AtomicLong numbers = new AtomicLong();

	/** Rises when Redis may have lost waiters. */
	private final AtomicInteger losses = new AtomicInteger();

	private final String prefix;

	private final LockySignals signals;

	private final LeavingWaiters leaving;

	private final WaitingLooks looks;

	private final LongSupplier ticker;

	/**
	 * Creates the waiters of an application. To receive messages, they must be added to
	 * the signals as a listener.
	 * @param instance the id of the application, unique among all
	 * @param signals the source of messages, to which the first waiter subscribes
	 * @param leaving removes waiters from Redis
	 * @param looks finds locks that are free
	 * @param ticker a monotonic clock, in nanoseconds
	 */
	LocalWaiters(String instance, LockySignals signals, LeavingWaiters leaving, WaitingLooks looks,
			LongSupplier ticker) {
		this.prefix = instance + "-";
		this.signals = signals;
		this.leaving = leaving;
		this.looks = looks;
		this.ticker = ticker;
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
	}

	/**
	 * Creates a waiter, before its first attempt: its turn may come before the reply.
	 * @param resource the name of the resource
	 * @param wake makes the waiter attempt soon; it must not block
	 * @return the place of the waiter, to be closed by the caller
	 */
	Place enter(String resource, Runnable wake) {
		Place place = new Place(resource, this.prefix + this.numbers.incrementAndGet(), wake);
		this.places.put(place.waiter, place);
		return place;
	}

	/**
	 * Runs a task of a waiter later.
	 * @param task the task, which must not block
	 * @param pause the time until then
	 * @return the task
	 */
	Future<?> schedule(Runnable task, Duration pause) {
		return this.timer.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
	}

	/** The number of requests that wait for a lock. */
	int waiting(String resource) {
		LocalLine line = this.lines.get(resource);
		return (line != null) ? line.size() : 0;
	}

	@Override
	public void turn(String waiter, String resource) {
		if (waiter.startsWith(this.prefix) && !takeTurn(waiter, resource)) {
			this.leaving.add(new LeavingWaiter(resource, waiter, ""));
		}
	}

	private boolean takeTurn(String waiter, String resource) {
		Place place = this.places.get(waiter);
		if (place == null) {
			return false;
		}
		place.takeTurn();
		LocalLine line = this.lines.get(resource);
		if (line != null) {
			line.postponeLook();
		}
		return true;
	}

	@Override
	public @Nullable HandOver handOver(String resource) {
		LocalLine line = this.lines.get(resource);
		return (line != null) ? new LocalHandOver(line) : null;
	}

	@Override
	public void released(String resource) {
		wakeFirst(resource);
	}

	/**
	 * Makes the first waiter of a lock attempt soon.
	 * @param resource the name of the resource
	 */
	void wakeFirst(String resource) {
		Place first = first(resource);
		if (first != null) {
			first.wake.run();
		}
	}

	private @Nullable Place first(String resource) {
		Place[] first = new Place[1];
		this.lines.computeIfPresent(resource, (name, line) -> {
			first[0] = line.first();
			return line;
		});
		return first[0];
	}

	@Override
	public void subscribed() {
		// Perhaps this is another server, without the latest waiters.
		this.losses.incrementAndGet();
		this.lines.keySet().forEach(this::wakeFirst);
	}

	/** Has the lock looked at, unless there was a turn meanwhile. */
	void look(String resource) {
		boolean[] due = new boolean[1];
		this.lines.computeIfPresent(resource, (name, line) -> {
			due[0] = line.endLook();
			return line;
		});
		if (due[0]) {
			this.looks.look(resource, () -> wakeFirst(resource));
		}
	}

	long nanoTime() {
		return this.ticker.getAsLong();
	}

	/** When to look at a lock where nothing is known to happen before. */
	long inAWhile() {
		long time = nanoTime() + LONGEST_PAUSE.toNanos();
		return time + Math.floorMod(-time, RHYTHM);
	}

	/** Waiters that are left can no longer take up turns. */
	@Override
	public void close() {
		this.looks.close();
		this.leaving.close();
	}

	/**
	 * The place of one waiter.
	 */
	final class Place implements WaitingPlace {

		private final String resource;

		private final String waiter;

		private final Runnable wake;

		private String place = "";

		private boolean mayBeInRedis;

		private boolean inLine;

		/** Whether it has the turn, or is about to get it. */
		private volatile boolean hasTurn;

		private volatile int knownLosses;

		private Place(String resource, String waiter, Runnable wake) {
			this.resource = resource;
			this.waiter = waiter;
			this.wake = wake;
		}

		/**
		 * Subscribes to messages.
		 * @return the waiter that gets them
		 */
		String listen() {
			LocalWaiters.this.signals.subscribe();
			return this.waiter;
		}

		/** The waiter, unique among all instances. */
		String waiter() {
			return this.waiter;
		}

		private void takeTurn() {
			this.hasTurn = true;
			this.wake.run();
		}

		@Override
		public synchronized Waiting attempt(boolean stays) {
			this.mayBeInRedis = true;
			this.knownLosses = LocalWaiters.this.losses.get();
			boolean turn = this.hasTurn;
			this.hasTurn = false;
			return new Waiting(this.waiter, this.place, stays, turn);
		}

		@Override
		public synchronized Duration answered(AcquireReply reply, Duration rest) {
			boolean lost = (reply instanceof Denied denied) ? denied.lost() : ((Granted) reply).lost();
			if (lost) {
				this.knownLosses = LocalWaiters.this.losses.incrementAndGet();
			}
			if (!(reply instanceof Denied denied) || denied.place().isEmpty()) {
				this.mayBeInRedis = false;
				return Duration.ZERO;
			}
			this.place = denied.place();
			LocalWaiters.this.signals.subscribe();
			return join(denied.lock(), rest);
		}

		private Duration join(@Nullable LockInfo holder, Duration rest) {
			boolean[] hasTimer = new boolean[1];
			LocalWaiters.this.lines.compute(this.resource, (name, present) -> {
				LocalLine line = (present != null) ? present : new LocalLine(LocalWaiters.this, name);
				line.add(this);
				hasTimer[0] = (line.first() == this) ? line.lookAt(nextLook(holder)) : line.hasTimer();
				return line;
			});
			this.inLine = true;
			return (hasTimer[0] || rest.compareTo(LONGEST_PAUSE) < 0) ? rest : LONGEST_PAUSE;
		}

		/** The waiter goes, and the next one becomes the first of this application. */
		@Override
		public void close() {
			LocalWaiters.this.places.remove(this.waiter);
			Place next;
			synchronized (this) {
				next = this.inLine ? leaveLine() : null;
				this.inLine = false;
				if (this.mayBeInRedis) {
					LocalWaiters.this.leaving.add(new LeavingWaiter(this.resource, this.waiter, this.place));
				}
				this.mayBeInRedis = false;
			}
			if (next != null && next.knownLosses != LocalWaiters.this.losses.get()) {
				next.wake.run();
			}
		}

		private @Nullable Place leaveLine() {
			Place[] next = new Place[1];
			LocalWaiters.this.lines.computeIfPresent(this.resource, (name, line) -> {
				boolean wasFirst = line.first() == this;
				line.remove(this);
				next[0] = wasFirst ? line.first() : null;
				return (line.size() > 0) ? line : null;
			});
			return next[0];
		}

		/** The order of Redis. */
		String key() {
			return this.place + '\0' + this.waiter;
		}

	}

	/**
	 * Hands a lock over within this application, if its last turn stayed here: then the
	 * next waiter attempts while the release is on its way. Its attempt follows on the
	 * same connection, so that it needs no further round trip. If it comes too early, or
	 * another application has the next turn, it is denied.
	 */
	private final class LocalHandOver implements HandOver {

		private final LocalLine line;

		private volatile @Nullable Place next;

		private LocalHandOver(LocalLine line) {
			this.line = line;
		}

		@Override
		public void releasing() {
			Place first = this.line.keepsTurns() ? first(this.line.resource()) : null;
			if (first != null) {
				this.next = first;
				first.takeTurn();
			}
		}

		@Override
		public void released(@Nullable String turn) {
			this.line.keepsTurns(turn != null);
			if (turn != null && !takeTurn(turn, this.line.resource()) && !hasAttempted(turn)) {
				LocalWaiters.this.leaving.add(new LeavingWaiter(this.line.resource(), turn, ""));
			}
		}

		/** Then it may have been granted the lock already. */
		private boolean hasAttempted(String waiter) {
			Place attempted = this.next;
			return attempted != null && attempted.waiter.equals(waiter);
		}

	}

	/**
	 * A lock is still held in the millisecond of its deadline. Without a holder, it is
	 * kept for a waiter who may have died.
	 */
	private long nextLook(@Nullable LockInfo holder) {
		Duration rest = (holder != null) ? holder.expiresIn() : TURN;
		return (rest != null && rest.compareTo(LONGEST_PAUSE) < 0) ? nanoTime() + rest.plusMillis(1).toNanos()
				: inAWhile();
	}

}
