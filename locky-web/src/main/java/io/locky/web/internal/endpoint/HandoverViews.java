package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.locky.LockInfo;
import io.locky.event.HandoverAnsweredEvent;
import io.locky.event.HandoverEvent;
import io.locky.event.HandoverWithdrawnEvent;
import io.locky.people.HandoverAnswer;
import io.locky.people.HandoverAnswer.Later;
import io.locky.people.HandoverAnswer.No;
import io.locky.people.HandoverAnswer.Now;
import io.locky.people.HandoverRequest;
import io.locky.people.LockHandovers;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;

/**
 * Shows requests to hand over locks. Of the one who asks, it shows what the
 * {@link io.locky.web.LockHolderView LockHolderView} would show if it held the lock.
 */
public final class HandoverViews {

	private static final Set<String> OF_A_LOCK = Set.of("since", "expiresIn", "fence");

	private final LockHandovers handovers;

	private final LockAnswers answers;

	/**
	 * Creates the views.
	 * @param handovers the requests
	 * @param answers what to show of lockers
	 */
	public HandoverViews(LockHandovers handovers, LockAnswers answers) {
		this.handovers = handovers;
		this.answers = answers;
	}

	/** The requests to a grant that are not answered yet. */
	List<Map<String, ?>> open(LockCaller holder, String resource, long fence) {
		return this.handovers.requests(resource)
			.stream()
			.filter((request) -> request.fence() == fence && request.answer() == null && request.granted() == null)
			.<Map<String, ?>>map((request) -> show(request, holder))
			.toList();
	}

	Map<String, ?> show(HandoverRequest request, LockCaller viewer) {
		HandoverAnswer answer = request.answer();
		Map<String, Object> shown = show(request.id(),
				asker(request.resource(), request.locker(), request.note(), request.askedAt()), viewer, this.answers);
		shown.put("answer", name(answer));
		shown.put("reason", (answer instanceof No no && !no.reason().isEmpty()) ? no.reason() : null);
		putClaimable(shown, request.claimableAt());
		shown.put("own", request.locker().equals(viewer.locker()));
		shown.put("granted", request.granted());
		return shown;
	}

	private static @Nullable String name(@Nullable HandoverAnswer answer) {
		if (answer instanceof Now) {
			return "now";
		}
		if (answer instanceof Later) {
			return "later";
		}
		return (answer != null) ? "no" : null;
	}

	/** The event of a stream. The fence of the new grant comes with the takeover. */
	static StreamEvent event(HandoverEvent event, LockCaller viewer, LockAnswers answers) {
		Map<String, Object> request = show(event.getRequest(),
				asker(event.getResource(), event.getAsker(), event.getNote(), event.getAskedAt()), viewer, answers);
		HandoverAnsweredEvent answered = (event instanceof HandoverAnsweredEvent) ? (HandoverAnsweredEvent) event
				: null;
		request.put("answer", (answered != null) ? answered.getDecision().name().toLowerCase(Locale.ROOT) : null);
		request.put("reason", (answered != null) ? answered.getReason() : null);
		putClaimable(request, event.getClaimableAt());
		request.put("own", event.getAsker().equals(viewer.locker()));
		request.put("granted", null);
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("resource", event.getResource());
		data.put("at", event.getOccurredAt().toString());
		data.put("request", request);
		String other = (event instanceof HandoverWithdrawnEvent) ? "withdrawn" : "asked";
		return new StreamEvent((answered != null) ? "answered" : other, data);
	}

	/** The one who asks, as if it held the lock. */
	private static LockInfo asker(String resource, String locker, @Nullable String note, Instant askedAt) {
		return new LockInfo(resource, locker, 0, askedAt, null, note);
	}

	private static Map<String, Object> show(String id, LockInfo asker, LockCaller viewer, LockAnswers answers) {
		Map<String, Object> shown = new LinkedHashMap<>();
		shown.put("id", id);
		shown.put("resource", asker.resource());
		shown.put("locker", null);
		shown.put("note", null);
		answers.show(asker, viewer).forEach((name, value) -> {
			if (!OF_A_LOCK.contains(name) && !name.equals("id") && !name.equals("resource")) {
				shown.put(name, value);
			}
		});
		shown.put("askedAt", String.valueOf(asker.since()));
		return shown;
	}

	/** The clock of a page may be wrong by hours, so it gets the rest of the time too. */
	private static void putClaimable(Map<String, Object> shown, @Nullable Instant time) {
		shown.put("claimableAt", (time != null) ? time.toString() : null);
		shown.put("claimableIn",
				(time != null) ? Math.max(0, Duration.between(Instant.now(), time).toMillis()) / 1000.0 : null);
	}

}
