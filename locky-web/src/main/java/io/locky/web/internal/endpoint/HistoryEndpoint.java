package io.locky.web.internal.endpoint;

import java.util.Map;

import io.locky.LockInfo;
import io.locky.people.Hold;
import io.locky.people.HoldPage;
import io.locky.people.LockHistory;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointMessages.LockHold;
import io.locky.web.internal.endpoint.EndpointMessages.LockHolds;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MultiValueMap;

/**
 * The history of locks over HTTP.
 */
public final class HistoryEndpoint {

	private static final int USUAL_SIZE = 20;

	private static final int LARGEST_SIZE = 500;

	private final LockHistory history;

	private final LockEndpoint endpoint;

	private final LockAccessPolicy policy;

	private final LockAnswers answers;

	/**
	 * Creates the endpoint.
	 * @param history the history
	 * @param endpoint counts the requests of callers
	 * @param policy decides who may read
	 * @param answers what to show of lockers
	 */
	public HistoryEndpoint(LockHistory history, LockEndpoint endpoint, LockAccessPolicy policy, LockAnswers answers) {
		this.history = history;
		this.endpoint = endpoint;
		this.policy = policy;
		this.answers = answers;
	}

	/**
	 * Returns a page of the history of a lock.
	 * @param caller the caller
	 * @param query the query of the request, or {@code null}, with the field
	 * {@code resource}
	 * @return the page
	 */
	public LockHolds history(LockCaller caller, @Nullable String query) {
		this.endpoint.admit(caller);
		MultiValueMap<String, String> fields = FormFields.read(query);
		String resource = EndpointInput.resource(FormFields.single(fields, "resource"));
		Long before = EndpointInput.before(FormFields.single(fields, "before"));
		int size = EndpointInput.size(FormFields.single(fields, "size"), USUAL_SIZE, LARGEST_SIZE);
		if (!this.policy.mayReadHistory(caller, resource)) {
			throw EndpointProblem.forbidden("You may not read the history of '%s'.", resource);
		}
		HoldPage page = this.history.history(resource, before, size);
		return new LockHolds(page.holds().stream().map((hold) -> shown(hold, caller)).toList(), page.next());
	}

	private LockHold shown(Hold hold, LockCaller caller) {
		LockInfo held = new LockInfo(hold.resource(), hold.locker(), hold.fence(), hold.since(), null, null);
		String by = hold.by();
		Map<String, ?> end = (by != null) ? this.answers
			.show(new LockInfo(hold.resource(), by, hold.fence(), hold.until(), null, hold.note()), caller) : Map.of();
		return new LockHold(this.answers.show(held, caller).get("locker"), hold.fence(), hold.since().toString(),
				hold.until().toString(), hold.outcome().name(), end.get("locker"), end.get("note"));
	}

}
