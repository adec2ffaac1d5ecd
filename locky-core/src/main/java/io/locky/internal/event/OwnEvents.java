package io.locky.internal.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.locky.event.LockReleasedEvent;
import io.locky.event.LockyEvent;
import org.jspecify.annotations.Nullable;

/**
 * Decides which events of this instance are published from the event log.
 * <p>
 * Usually none: the thread that acquires or releases a lock publishes what the reply
 * says. If the reply got lost, the log is the only one that knows what Redis did. So the
 * events of operations that are in flight are kept until the operation ends, and those
 * that its reply did not contain are published then. After the end of an operation whose
 * reply got lost, its events are published when the log is read, which may be much later.
 */
public final class OwnEvents {

	/** Of operations that have ended; the log itself keeps events for an hour. */
	static final int MOST_ENDED = 10_000;

	private final LockyEventPublisher publisher;

	private final boolean followed;

	private final Map<String, List<LockyEvent>> inFlight = new HashMap<>();

	/** What was published of operations whose first reply got lost. */
	private final Map<String, Set<Key>> ended = new LinkedHashMap<>();

	/**
	 * Creates an object that knows no operation.
	 * @param publisher publishes events
	 * @param followed whether the log is read; otherwise operations are not remembered
	 */
	public OwnEvents(LockyEventPublisher publisher, boolean followed) {
		this.publisher = publisher;
		this.followed = followed;
	}

	/**
	 * Begins an operation, before it is sent.
	 * @param operation its id
	 */
	public void begin(String operation) {
		if (this.followed) {
			synchronized (this) {
				this.inFlight.put(operation, List.of());
			}
		}
	}

	/**
	 * Ends an operation whose only sending was answered: the caller publishes its events.
	 * @param operation its id
	 */
	public void end(String operation) {
		if (this.followed) {
			synchronized (this) {
				this.inFlight.remove(operation);
			}
		}
	}

	/**
	 * Ends an operation that was sent more than once.
	 * @param operation its id
	 * @param published the events that the caller publishes
	 */
	public void end(String operation, List<? extends LockyEvent> published) {
		if (!this.followed) {
			return;
		}
		Set<Key> keys = new HashSet<>();
		published.forEach((event) -> keys.add(Key.of(event)));
		List<LockyEvent> missing;
		synchronized (this) {
			List<LockyEvent> logged = this.inFlight.remove(operation);
			missing = (logged != null) ? logged.stream().filter((event) -> keys.add(Key.of(event))).toList()
					: List.of();
			this.ended.put(operation, keys);
			if (this.ended.size() > MOST_ENDED) {
				this.ended.remove(this.ended.keySet().iterator().next());
			}
		}
		missing.forEach(this.publisher::publish);
	}

	/**
	 * Ends an operation whose result is unknown, or whose events the caller does not
	 * publish.
	 * @param operation its id
	 */
	public void endUnknown(String operation) {
		end(operation, List.of());
	}

	/**
	 * Publishes an event from the log, if nobody else does.
	 * @param operation the id of the operation, or {@code null} if it has none
	 * @param event what the operation did
	 */
	public void logged(@Nullable String operation, LockyEvent event) {
		if (operation != null && isMissing(operation, event)) {
			this.publisher.publish(event);
		}
	}

	private synchronized boolean isMissing(String operation, LockyEvent event) {
		List<LockyEvent> logged = this.inFlight.get(operation);
		if (logged != null) {
			List<LockyEvent> more = new ArrayList<>(logged);
			more.add(event);
			this.inFlight.put(operation, more);
			return false;
		}
		Set<Key> published = this.ended.get(operation);
		return published != null && published.add(Key.of(event));
	}

	/**
	 * What an event is about: each grant begins once and is released once.
	 *
	 * @param resource the name of the resource
	 * @param fence the fencing token of the grant
	 * @param isRelease whether the grant ended
	 */
	private record Key(String resource, long fence, boolean isRelease) {

		static Key of(LockyEvent event) {
			return new Key(event.getResource(), event.getFence(), event instanceof LockReleasedEvent);
		}

	}

}
