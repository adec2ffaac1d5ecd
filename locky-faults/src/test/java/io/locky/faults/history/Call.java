package io.locky.faults.history;

import org.jspecify.annotations.Nullable;

/**
 * One operation that a client called on one resource, and its answer.
 *
 * @param process the application that called
 * @param operation what was called
 * @param resource on which resource
 * @param locker for whom, or {@code null} for anyone
 * @param fence the fencing token that was given, or {@code null} for none
 * @param ttlMillis the requested length of the lease in milliseconds, or 0 where the
 * operation has none
 * @param answer what came back
 * @param calledNanos when it was called
 * @param answeredNanos when the answer was there
 */
public record Call(String process, Operation operation, String resource, @Nullable String locker, @Nullable Long fence,
		long ttlMillis, Answer answer, long calledNanos, long answeredNanos) implements Entry {

	/**
	 * What a client can call.
	 */
	public enum Operation {

		/** Acquires a lock that is free. */
		ACQUIRE,

		/**
		 * Acquires a lock that is free or that the same locker holds; keeps its fence.
		 */
		REENTER,

		/** Acquires a lock, held or not. */
		TAKE_OVER,

		/**
		 * Extends the lease of a lock, for its locker or its fence where they are given.
		 */
		REFRESH,

		/** Gives a lock back, for its locker or its fence where they are given. */
		RELEASE,

		/** Reads who holds a lock. */
		FIND,

		/** Writes under a fence to a store that checks it. */
		SAVE

	}

	/**
	 * What came back.
	 *
	 * @param kind which kind of answer
	 * @param locker the holder that the answer names, or {@code null} for none
	 * @param fence the fencing token that the answer names, or {@code null} for none
	 */
	public record Answer(Kind kind, @Nullable String locker, @Nullable Long fence) {

		/** Whatever happened, or will happen later, or never. */
		public static final Answer UNKNOWN = new Answer(Kind.UNKNOWN, null, null);

		/**
		 * Kinds of answers.
		 */
		public enum Kind {

			/** The lock is the caller's, under the fence of the answer. */
			GRANTED,

			/** Another grant, the one of the answer, is in the way. */
			DENIED,

			/** A refresh, a release or a save was done. */
			DONE,

			/** A refresh, a release or a save was not done, and changed nothing. */
			REFUSED,

			/** A lock was found: the one of the answer. */
			HELD,

			/** No lock was found. */
			FREE,

			/** An exception that leaves open what happened. */
			UNKNOWN

		}

	}

}
