package io.locky.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.util.Assert;

/**
 * The clock of {@link InMemoryLocks}. It stands still until a test moves it, so that no
 * test waits for real time. Thread-safe.
 * <p>
 * On the way, everything happens at its own time and in the thread that moves the clock:
 * leases end in the order of their deadlines, handles are renewed, and requests that wait
 * get the lock or give up. A lease is over at its deadline: after {@code advance(ttl)},
 * the lock has expired.
 *
 * @since 0.9.0
 */
public final class LockClock {

	private final List<Timed> timed = new CopyOnWriteArrayList<>();

	private volatile Instant now;

	private LockClock(Instant start) {
		this.now = start;
	}

	/**
	 * A clock that starts at the real time.
	 * @return the clock
	 */
	public static LockClock atRealTime() {
		return at(Clock.systemUTC().instant());
	}

	/**
	 * A clock that starts at a time.
	 * @param start the time, from 1970 on
	 * @return the clock
	 */
	public static LockClock at(Instant start) {
		Assert.isTrue(!start.isBefore(Instant.EPOCH), () -> "'start' must not be before 1970, but is " + start);
		return new LockClock(start);
	}

	/**
	 * The time of this clock.
	 * @return the time
	 */
	public Instant now() {
		return this.now;
	}

	/**
	 * Moves the clock, and lets everything happen that is due until then. When this
	 * returns, the listeners of its events have run.
	 * @param time how far to move it, not negative
	 * @throws IllegalArgumentException if the time is negative
	 */
	public void advance(Duration time) {
		Assert.isTrue(!time.isNegative(),
				() -> "'time' must not be negative, but is %s: leases do not come back".formatted(time));
		Instant end = this.now.plus(time);
		for (Instant step = nextStep(); !step.isAfter(end); step = nextStep()) {
			moveTo(step);
			this.timed.forEach(Timed::act);
		}
		moveTo(end);
	}

	private Instant nextStep() {
		return this.timed.stream()
			.map(Timed::nextStep)
			.filter(Objects::nonNull)
			.min(Instant::compareTo)
			.orElse(Instant.MAX);
	}

	/** A listener may have moved the clock already. */
	private synchronized void moveTo(Instant time) {
		if (time.isAfter(this.now)) {
			this.now = time;
		}
	}

	void add(Timed dependent) {
		this.timed.add(dependent);
	}

	void remove(Timed dependent) {
		this.timed.remove(dependent);
	}

	long millis() {
		return this.now.toEpochMilli();
	}

	long micros() {
		Instant time = this.now;
		return time.getEpochSecond() * 1_000_000 + time.getNano() / 1000;
	}

	@Override
	public String toString() {
		return "LockClock[" + this.now + "]";
	}

	/**
	 * Something that happens at times of the clock.
	 */
	interface Timed {

		/**
		 * When something is to be done next.
		 * @return the time, {@link Instant#MAX} for never
		 */
		Instant nextStep();

		/** Does everything that is due now, so that the next step is later. */
		void act();

	}

}
