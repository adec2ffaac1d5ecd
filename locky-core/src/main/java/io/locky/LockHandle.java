package io.locky;

/**
 * One grant of a lock. What it does is checked by the fence of that grant, so that a
 * holder who lost the lock can never touch the lock of the next one. Thread-safe.
 *
 * @since 0.1.0
 */
public interface LockHandle extends AutoCloseable {

	/**
	 * What is locked.
	 * @return the name of the resource
	 */
	String resource();

	/**
	 * Who holds it.
	 * @return the locker
	 */
	String locker();

	/**
	 * The number of the grant. Store it with what the lock protects, and refuse a write
	 * that comes with a lower one.
	 * @return the fence, higher than that of every earlier grant of the resource
	 */
	long fence();

	/**
	 * Whether the lock is held as far as this instance can know without asking: it was
	 * neither closed nor found to be lost, and its lease, counted by the monotonic clock
	 * from before Redis was asked, has not run out.
	 * @return whether to go on
	 */
	boolean isValid();

	/**
	 * Starts the ttl anew.
	 * @return whether this grant still holds; false if it ended or was taken over, and
	 * then the handle is lost
	 */
	boolean refresh();

	/**
	 * Has something done when this handle turns out to be gone without having been
	 * closed. Runs in a thread of Locky's; if the handle is gone already, at once in the
	 * calling thread.
	 * @param callback what to do
	 */
	void onLost(Runnable callback);

	/**
	 * Gives the lock back as {@link #close()} does, and tells whether it was there to
	 * give back. If not, and this handle did not know of it yet, it is lost now.
	 * @return whether this grant held to the end; false too if the handle is closed
	 * already, or if the connection broke so that Redis heard of it twice
	 */
	boolean release();

	/**
	 * Gives the lock back, and ends its renewal. Does nothing if this grant has ended
	 * already.
	 */
	@Override
	void close();

}
