package io.locky.compatibility;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * An instance of some version of Locky, as a test sees it.
 */
public interface Member extends AutoCloseable {

	boolean lock(String resource, String locker, Duration ttl);

	boolean lockAll(Collection<String> resources, String locker);

	boolean takeOver(String resource, String locker);

	/**
	 * Acquires a lock that is renewed in the background until this instance closes.
	 * @param resource the resource
	 * @param locker the locker
	 * @param ttl the length of the lease
	 */
	void hold(String resource, String locker, Duration ttl);

	boolean refresh(String resource, String locker);

	boolean unlock(String resource, String locker);

	Optional<Grant> find(String resource);

	/**
	 * What this instance has published so far.
	 * @return the events, in their order
	 */
	List<Event> events();

	/**
	 * How often this instance has missed events.
	 * @return the number
	 */
	int missed();

	@Override
	void close();

	/**
	 * How an instance is set up.
	 *
	 * @param connections the access to Redis
	 * @param prefix what its keys start with
	 * @param name its name
	 * @param ttl the length of a lease
	 * @param ackTimeout after which an expiry is published again
	 * @param beforeExpiry runs in the listener of each expiry
	 */
	record Setup(RedisConnectionFactory connections, String prefix, String name, Duration ttl, Duration ackTimeout,
			Runnable beforeExpiry) {

	}

	/**
	 * A lock that is held.
	 *
	 * @param locker who holds it
	 * @param fence its fence
	 */
	record Grant(String locker, long fence) {

	}

	/**
	 * An event that was published.
	 *
	 * @param kind its class
	 * @param resource its resource
	 * @param locker its locker
	 * @param fence its fence
	 * @param remote whether it happened on another instance
	 */
	record Event(String kind, String resource, String locker, long fence, boolean remote) {

		/**
		 * The event without where it happened.
		 * @return a text that is the same on all instances
		 */
		String text() {
			return this.resource + " " + this.kind + " " + this.locker + " " + this.fence;
		}

		boolean isExpiry() {
			return this.kind.equals("LockExpiredEvent");
		}

	}

}
