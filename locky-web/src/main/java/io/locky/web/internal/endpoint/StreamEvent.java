package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.event.HandoverEvent;
import io.locky.event.LineChangedEvent;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockAttentionEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockOfferedEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import io.locky.event.PresenceChangedEvent;
import io.locky.people.PresenceState;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.LockStreams.Settings;
import org.jspecify.annotations.Nullable;

/**
 * An event of a live stream.
 *
 * @param name the name of the event
 * @param data its data, written as JSON
 */
public record StreamEvent(String name, Map<String, ? extends @Nullable Object> data) {

	/** The milliseconds after which a page connects again. */
	public static final long RETRY = 2000;

	/**
	 * Sent on an idle stream. It is an event because a page does not see a comment, and
	 * could not detect a dead connection by it.
	 */
	static final StreamEvent ALIVE = new StreamEvent("alive", Map.of());

	static final StreamEvent MISSED = new StreamEvent("missed", Map.of());

	/** The last event, because the caller is not authenticated any more. */
	static final StreamEvent UNAUTHENTICATED = end("unauthenticated");

	/** The last event, because the caller may not watch one of the resources any more. */
	static final StreamEvent FORBIDDEN = end("forbidden");

	/** The last event, because the instance stops. */
	static final StreamEvent SHUTDOWN = end("shutdown");

	/** The last event, because a stream must be opened again from time to time. */
	static final StreamEvent RENEW = end("renew");

	private static StreamEvent end(String reason) {
		return new StreamEvent("end", Map.of("reason", reason));
	}

	static StreamEvent ready(Settings settings) {
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("broadcast", settings.broadcast());
		data.put("alive", settings.heartbeat().toMillis() / 1000.0);
		return new StreamEvent("ready", data);
	}

	/** A lost handle concerns only the code that has it. */
	static boolean isShown(LockyEvent event) {
		return !(event instanceof LockLostEvent);
	}

	/** What is asked and answered concerns only the holder and the asker. */
	static boolean isFor(LockyEvent event, LockCaller viewer) {
		return !(event instanceof HandoverEvent handover) || handover.concerns(viewer.locker());
	}

	static StreamEvent of(LockyEvent event, LockCaller viewer, LockAnswers answers) {
		if (event instanceof HandoverEvent handover) {
			return HandoverViews.event(handover, viewer, answers);
		}
		Map<String, @Nullable Object> data = new LinkedHashMap<>();
		data.put("resource", event.getResource());
		data.put("own", viewer.locker().equals(event.getLocker()));
		data.put("at", event.getOccurredAt().toString());
		if (event instanceof PresenceChangedEvent change) {
			data.put("person",
					answers.person(event.getResource(), event.getLocker(), event.getOccurredAt(), null, viewer));
			data.put("state", (change.getState() != null) ? text(change.getState()) : null);
			return new StreamEvent("presence", data);
		}
		if (event instanceof LockOfferedEvent || event instanceof LineChangedEvent) {
			return ofLine(event, data, viewer, answers);
		}
		Instant since = (event instanceof LockAcquiredEvent) ? event.getOccurredAt() : null;
		data.put("lock", answers.show(lock(event, event.getLocker(), event.getFence(), since), viewer));
		if (event instanceof LockTakenOverEvent takeover) {
			data.put("previous", answers.show(lock(event, takeover.getPreviousLocker(), 0, null), viewer));
		}
		return new StreamEvent(name(event), data);
	}

	static String text(PresenceState state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

	private static StreamEvent ofLine(LockyEvent event, Map<String, @Nullable Object> data, LockCaller viewer,
			LockAnswers answers) {
		data.put("locker", answers.person(event.getResource(), event.getLocker(), event.getOccurredAt(), null, viewer));
		if (event instanceof LockOfferedEvent offer) {
			data.put("offeredFor",
					LockAnswers.seconds(Duration.between(offer.getOccurredAt(), offer.getOfferedUntil())));
			return new StreamEvent("offered", data);
		}
		LineChangedEvent change = (LineChangedEvent) event;
		data.put("joined", change.isJoined());
		data.put("length", change.getLength());
		return new StreamEvent("line", data);
	}

	private static LockInfo lock(LockyEvent event, String locker, long fence, @Nullable Instant since) {
		Instant idleSince = (event instanceof LockAttentionEvent attention) ? attention.getIdleSince() : null;
		return new LockInfo(event.getResource(), locker, fence, since, null, null, idleSince);
	}

	private static String name(LockyEvent event) {
		if (event instanceof LockTakenOverEvent) {
			return "takenover";
		}
		if (event instanceof LockAcquiredEvent) {
			return "acquired";
		}
		if (event instanceof LockAttentionEvent attention) {
			return (attention.getIdleSince() != null) ? "idle" : "active";
		}
		return (event instanceof LockExpiredEvent) ? "expired" : "released";
	}

	boolean isEnd() {
		return this.name.equals("end");
	}

	/**
	 * Whether this is the first event of a stream, which sets when to connect again.
	 * @return whether to add {@link #RETRY}
	 */
	public boolean isReady() {
		return this.name.equals("ready");
	}

}
