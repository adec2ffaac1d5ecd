package io.locky.internal.lock;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.locky.UnreadableLockException;
import io.locky.internal.redis.RandomId;
import io.locky.internal.redis.RedisErrors;
import org.jspecify.annotations.Nullable;

/**
 * Gives ids to the operations of this instance, and places in Redis where scripts keep
 * what became of them.
 * <p>
 * An operation has its place alone until it has ended, so that there are about as many
 * places as threads that acquire and release locks at the same time. Where a sending of
 * an operation may still be on its way, its place is used again after an hour, or after
 * 1000 more such operations.
 */
final class Operations {

	static final int MOST_KEPT = 1000;

	/** As long as scripts keep it. */
	private static final Duration KEPT = Duration.ofHours(1);

	private final String instance = RandomId.next();

	private final AtomicInteger places = new AtomicInteger();

	private final Deque<String> free = new ConcurrentLinkedDeque<>();

	private final Deque<Kept> kept = new ArrayDeque<>();

	private final LongSupplier ticker;

	/**
	 * Creates the operations of an instance.
	 * @param ticker a monotonic clock, in nanoseconds
	 */
	Operations(LongSupplier ticker) {
		this.ticker = ticker;
	}

	/**
	 * The id of this instance.
	 * @return letters, digits, '-' and '_'
	 */
	String instance() {
		return this.instance;
	}

	/**
	 * Begins an operation.
	 * @return the operation; the caller ends it
	 */
	Operation begin() {
		return begin("");
	}

	/**
	 * Begins an operation of a client.
	 * @param client the id of the client, or empty
	 * @return the operation; the caller ends it
	 */
	Operation begin(String client) {
		String place = this.free.pollFirst();
		if (place == null) {
			place = pollKept(false);
		}
		String id = client.isEmpty() ? RandomId.next() : RandomId.next() + "." + client;
		return new Operation(id, (place != null) ? place : this.instance + "-" + this.places.getAndIncrement());
	}

	/**
	 * Ends an operation that was answered. Its place can be used again at once.
	 * @param operation the operation
	 */
	void end(Operation operation) {
		this.free.offerFirst(operation.place());
	}

	/**
	 * Ends an operation of which a sending may still arrive.
	 * @param operation the operation
	 */
	void endLater(Operation operation) {
		synchronized (this.kept) {
			this.kept.addLast(new Kept(operation.place(), this.ticker.getAsLong()));
			String oldest = pollKept(true);
			if (oldest != null) {
				this.free.offerLast(oldest);
			}
		}
	}

	private @Nullable String pollKept(boolean onlyIfTooMany) {
		synchronized (this.kept) {
			Kept oldest = this.kept.peekFirst();
			if (oldest == null) {
				return null;
			}
			boolean usable = onlyIfTooMany ? this.kept.size() > MOST_KEPT
					: this.ticker.getAsLong() - oldest.since() > KEPT.toNanos();
			return usable ? this.kept.removeFirst().place() : null;
		}
	}

	/**
	 * Whether an operation may have run although its caller got an exception. It is known
	 * if Redis has answered, also if it answered that a lock cannot be read.
	 * @param failure the exception
	 * @return whether the answer is missing
	 */
	static boolean isUnanswered(RuntimeException failure) {
		return !(failure instanceof UnreadableLockException) && RedisErrors.isUnanswered(failure);
	}

	private record Kept(String place, long since) {

	}

	/**
	 * An operation that changes locks.
	 *
	 * @param id its id, unique among all instances; that of an attempt of a client ends
	 * with a dot and the id of the client, which acquire.lua reads
	 * @param place its place among the operations of all instances: the id of this
	 * instance, '-' and a number
	 */
	record Operation(String id, String place) {

	}

	/**
	 * Why an operation is sent. Scripts read the text.
	 */
	enum Sending {

		/** Nothing was sent before. */
		FIRST("1"),

		/** The answer got lost: it runs unless it has run. */
		AGAIN("2"),

		/** The answer got lost: if it has not run, it never will. */
		CHECK("3");

		private final String text;

		Sending(String text) {
			this.text = text;
		}

		String text() {
			return this.text;
		}

	}

}
