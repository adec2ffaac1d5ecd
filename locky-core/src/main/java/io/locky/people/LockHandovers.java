package io.locky.people;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.locky.LockAttempt;
import io.locky.LockRequest;

import org.jspecify.annotations.Nullable;

/**
 * Requests to the holder of a lock to let go of it. The holder answers; if it stays
 * silent for too long, the one who asked may take the lock.
 * <p>
 * A request belongs to the grant that held the lock when it was made, and ends with it.
 * All methods throw an {@link io.locky.InvalidLockValueException} for a resource or
 * locker that cannot be a name, and a {@link org.springframework.dao.DataAccessException}
 * if Redis does not answer.
 *
 * @since 0.9.0
 */
public interface LockHandovers {

	/**
	 * Asks the holder to hand the lock over. A locker has one request to a grant: asked
	 * again, it stays, with the new note.
	 * @param resource the resource that is locked
	 * @param locker the locker that wants it
	 * @param note a text for the holder, at most 256 characters, or empty
	 * @param silence how long the holder may stay silent until the lock can be
	 * {@linkplain #claim claimed}, from 1 ms to 1 day, or {@code null} for ever; that of
	 * the first call counts
	 * @return the request, or empty if there is nobody else to ask: the lock is free, the
	 * locker holds it itself, or another client wrote it and it has no fence
	 * @throws HandoversFullException if too many others ask already
	 */
	Optional<HandoverRequest> ask(Object resource, Object locker, String note, @Nullable Duration silence);

	/**
	 * The requests to the present holder of a lock, answered ones included.
	 * @param resource the resource that is locked
	 * @return the requests, the oldest first
	 */
	List<HandoverRequest> requests(Object resource);

	/**
	 * Answers a request. With {@link HandoverAnswer.Now} the lock changes hands in one
	 * step, so that nobody can get it in between; the event
	 * {@link io.locky.event.LockTakenOverEvent} follows, and the request has the fence of
	 * the new grant.
	 * @param resource the resource that is locked
	 * @param holder the locker that holds it
	 * @param fence the fence of its grant
	 * @param request the id of the request
	 * @param answer the answer; a later one replaces it, except {@code Now}
	 * @return the request, or empty if there is no such request to that grant, or the
	 * lock was claimed already
	 */
	Optional<HandoverRequest> answer(Object resource, Object holder, long fence, String request, HandoverAnswer answer);

	/**
	 * Takes a lock whose holder stayed silent for too long, or has agreed to hand it over
	 * by now.
	 * @param attempt the resource, the locker that asked, and options for the grant
	 * @param request the id of the request
	 * @return {@link LockAttempt.Acquired}, or {@link LockAttempt.Denied} if it is too
	 * early, was refused, or the request has ended
	 */
	LockAttempt claim(LockRequest attempt, String request);

	/**
	 * Withdraws a request.
	 * @param resource the resource that is locked
	 * @param locker the locker that asked
	 * @param request the id of the request
	 * @return whether there was such a request, and it was not too late: the lock was
	 * neither claimed by it nor handed over to it
	 */
	boolean withdraw(Object resource, Object locker, String request);

}
