package io.locky.faults.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockEventsMissedEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockReleasedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.faults.history.Call;
import io.locky.faults.history.Call.Answer;
import io.locky.faults.history.Call.Answer.Kind;
import io.locky.faults.history.Call.Operation;
import io.locky.faults.history.HistoryFile;
import io.locky.faults.history.Seen;
import io.locky.faults.history.Seen.Type;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.dao.DataAccessException;

/**
 * Writes the calls and events of one application into its history. A call is also written
 * down before it is made, for the case that the process is killed before its answer.
 */
final class Recorder implements ApplicationListener<ApplicationEvent>, AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(30);

	private final String process;

	private final HistoryFile history;

	private final HistoryFile begun;

	private final AtomicLong calls = new AtomicLong();

	private final Map<String, Long> unknown = new ConcurrentHashMap<>();

	private final Path file;

	private volatile @Nullable NumberFile numbers;

	private volatile boolean dies;

	/** Events of operations are published in the thread that called. */
	private final ThreadLocal<Map<String, Long>> fences = ThreadLocal.withInitial(ConcurrentHashMap::new);

	Recorder(String process, Path file) {
		this.process = process;
		this.file = file;
		this.history = new HistoryFile(file);
		this.begun = new HistoryFile(begun(file));
	}

	/** The file of the calls that were begun. */
	static Path begun(Path file) {
		return file.resolveSibling(file.getFileName() + "-begun");
	}

	/**
	 * Makes a call and writes it down.
	 * @param what the call, without its answer and times
	 * @param action makes it
	 * @return its answer
	 */
	Answer call(Asked what, Supplier<Answer> action) {
		this.fences.get().clear();
		this.calls.incrementAndGet();
		long called = System.nanoTime();
		this.begun.write(what.call(this.process, Answer.UNKNOWN, called, 0));
		Answer answer = Answer.UNKNOWN;
		try {
			answer = action.get();
		}
		catch (DataAccessException ex) {
			answer = failed(what.operation(), ex);
			// Without Redis, there would be nothing but failures in the history.
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		this.history.write(what.call(this.process, answer, called, System.nanoTime()));
		return answer;
	}

	/** Writes down that something may be called from now on. */
	void note(Asked what) {
		long now = System.nanoTime();
		this.history.write(what.call(this.process, Answer.UNKNOWN, now, now));
	}

	/** A Redis that is full refuses new locks before it has changed anything. */
	private Answer failed(Operation operation, DataAccessException ex) {
		if (Fleet.ATTEMPTS.contains(operation)
				&& String.valueOf(ex.getMostSpecificCause().getMessage()).contains("OOM")) {
			return new Answer(Kind.REFUSED, null, null);
		}
		this.unknown.merge(ex.getClass().getSimpleName(), 1L, Long::sum);
		return Answer.UNKNOWN;
	}

	/** The fence of the lock that the present thread has just acquired. */
	@Nullable Long fence(String resource) {
		return this.fences.get().get(resource);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		NumberFile brief = this.numbers;
		if (brief != null) {
			brief.write(event);
		}
		else if (event instanceof LockEventsMissedEvent) {
			this.history.write(new Seen(this.process, Type.MISSED, "", null, null, false, event.getTimestamp(),
					System.nanoTime()));
		}
		else if (event instanceof LockyEvent lock) {
			write(lock);
		}
	}

	private void write(LockyEvent event) {
		if (this.dies && event instanceof LockExpiredEvent) {
			Runtime.getRuntime().halt(1);
		}
		if (event instanceof LockAcquiredEvent && !event.isRemote()) {
			this.fences.get().put(event.getResource(), event.getFence());
		}
		this.history.write(new Seen(this.process, type(event), event.getResource(), event.getLocker(),
				(event.getFence() != 0) ? event.getFence() : null, event.isRemote(),
				event.getOccurredAt().toEpochMilli(), System.nanoTime()));
	}

	private static Type type(LockyEvent event) {
		if (event instanceof LockAcquiredEvent) {
			return (event instanceof LockTakenOverEvent) ? Type.TAKEN_OVER : Type.ACQUIRED;
		}
		if (event instanceof LockReleasedEvent) {
			return Type.RELEASED;
		}
		return (event instanceof LockExpiredEvent) ? Type.EXPIRED : Type.LOST;
	}

	/** From now on, expiries are written down in four bytes each, and nothing else is. */
	void writeNumbersOnly() {
		this.numbers = new NumberFile(this.file.resolveSibling(this.file.getFileName() + "-numbers"));
	}

	/** The process ends without a trace when the next expiry is delivered. */
	void dieAtNextExpiry() {
		this.dies = true;
	}

	long calls() {
		return this.calls.get();
	}

	Map<String, Long> unknown() {
		return Map.copyOf(this.unknown);
	}

	@Override
	public void close() {
		this.history.close();
		this.begun.close();
	}

	/**
	 * A call, without its answer and times.
	 *
	 * @param operation what is called
	 * @param resource on which resource
	 * @param locker for whom, or {@code null} for anyone
	 * @param fence the fence that is given, or {@code null} for none
	 * @param ttlMillis the requested length of the lease, or 0
	 */
	record Asked(Operation operation, String resource, @Nullable String locker, @Nullable Long fence, long ttlMillis) {

		Call call(String process, Answer answer, long called, long answered) {
			return new Call(process, this.operation, this.resource, this.locker, this.fence, this.ttlMillis, answer,
					called, answered);
		}

	}

}
