package io.locky.web.internal.endpoint;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import io.locky.LockInfo;
import io.locky.event.LockAcquiredEvent;
import io.locky.event.LockExpiredEvent;
import io.locky.event.LockLostEvent;
import io.locky.event.LockTakenOverEvent;
import io.locky.event.LockyEvent;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happened to locks into what subscribers are told of it.
 */
final class StreamEvents {

	private final LockAnswers answers;

	StreamEvents(LockAnswers answers) {
		this.answers = answers;
	}

	/** A lost handle is the matter of the code that has it. */
	static boolean isTold(LockyEvent event) {
		return !(event instanceof LockLostEvent);
	}

	StreamEvent of(LockyEvent event, boolean own) {
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("resource", event.getResource());
		data.put("own", own);
		data.put("at", event.getOccurredAt().toString());
		Instant since = (event instanceof LockAcquiredEvent) ? event.getOccurredAt() : null;
		data.put("lock", show(event.getResource(), event.getLocker(), event.getFence(), since));
		if (event instanceof LockTakenOverEvent takeover) {
			data.put("previous", show(event.getResource(), takeover.getPreviousLocker(), 0, null));
		}
		return new StreamEvent(name(event), data);
	}

	private Map<String, ?> show(String resource, String locker, long fence, @Nullable Instant since) {
		return this.answers.show(new LockInfo(resource, locker, fence, since, null, null));
	}

	private static String name(LockyEvent event) {
		if (event instanceof LockTakenOverEvent) {
			return "takenover";
		}
		if (event instanceof LockAcquiredEvent) {
			return "acquired";
		}
		return (event instanceof LockExpiredEvent) ? "expired" : "released";
	}

}
