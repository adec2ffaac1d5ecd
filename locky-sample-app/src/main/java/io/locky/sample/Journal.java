package io.locky.sample;

import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

import io.locky.event.LockAttentionEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.event.PresenceChangedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The latest events, each with the instance that published it. Broadcast events show what
 * happened on other instances.
 */
@RestController
class Journal {

	private static final int LENGTH = 60;

	private final Deque<Entry> entries = new ConcurrentLinkedDeque<>();

	private final AtomicLong number = new AtomicLong(System.currentTimeMillis());

	private final String instance;

	Journal(@Value("${locky.events.instance}") String instance) {
		this.instance = instance;
	}

	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	synchronized void on(LockyEvent event) {
		if (event instanceof PresenceChangedEvent || event instanceof LockAttentionEvent) {
			return;
		}
		String origin = (event.getOrigin() != null) ? event.getOrigin() : this.instance;
		String previous = (event instanceof LockTakenOverEvent takenOver) ? takenOver.getPreviousLocker() : null;
		this.entries.add(new Entry(this.number.incrementAndGet(), event.getOccurredAt(), what(event),
				event.getResource(), event.getLocker(), previous, origin));
		if (this.entries.size() > LENGTH) {
			this.entries.remove();
		}
	}

	@GetMapping("/api/journal")
	List<Entry> after(@RequestParam(defaultValue = "0") long after) {
		return this.entries.stream().filter((entry) -> entry.number() > after).toList();
	}

	/** The middle of the name: "takenover" for a LockTakenOverEvent. */
	private static String what(LockyEvent event) {
		return event.getClass().getSimpleName().replaceAll("^Lock|Event$", "").toLowerCase(Locale.ROOT);
	}

	record Entry(long number, Instant at, String what, String resource, String locker, @Nullable String previous,
			String origin) {

	}

}
