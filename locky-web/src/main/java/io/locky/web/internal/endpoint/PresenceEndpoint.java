package io.locky.web.internal.endpoint;

import java.util.List;

import io.locky.people.LockPresence;
import io.locky.people.Presence;
import io.locky.people.PresenceState;
import io.locky.web.LockAccessPolicy;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointMessages.PresenceBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresencePageBody;
import io.locky.web.internal.endpoint.EndpointMessages.PresentPeople;
import io.locky.web.internal.endpoint.EndpointMessages.PresentPerson;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the HTTP endpoints that show who is looking at a resource.
 */
public final class PresenceEndpoint {

	private final LockPresence presence;

	private final LockEndpoint locks;

	private final LockAccessPolicy policy;

	private final LockAnswers answers;

	/**
	 * Creates the endpoint.
	 * @param presence who is looking
	 * @param locks counts the requests of a caller
	 * @param policy decides who may see it
	 * @param answers what to show of a person
	 */
	public PresenceEndpoint(LockPresence presence, LockEndpoint locks, LockAccessPolicy policy, LockAnswers answers) {
		this.presence = presence;
		this.locks = locks;
		this.policy = policy;
		this.answers = answers;
	}

	/**
	 * Enters, stays, or changes the state.
	 * @param caller who is looking
	 * @param body at what, and how
	 * @return all who are there
	 */
	public PresentPeople enter(LockCaller caller, PresenceBody body) {
		this.locks.admit(caller);
		String resource = visible(caller, body.resource());
		String page = EndpointInput.page(body.page());
		PresenceState state = EndpointInput.presenceState(body.state());
		return answer(caller, this.presence.enter(resource, caller.locker(), page, state));
	}

	/**
	 * Leaves. Never refused for a limit: it frees something.
	 * @param caller who was looking
	 * @param body at what
	 */
	public void leave(LockCaller caller, PresencePageBody body) {
		this.presence.leave(EndpointInput.resource(body.resource()), caller.locker(), EndpointInput.page(body.page()));
	}

	/**
	 * Returns who is there.
	 * @param caller the caller, who need not be there
	 * @param query the query of the request, or {@code null}, with the field
	 * {@code resource}
	 * @return all who are there
	 */
	public PresentPeople people(LockCaller caller, @Nullable String query) {
		this.locks.admit(caller);
		String resource = visible(caller, FormFields.single(FormFields.read(query), "resource"));
		return answer(caller, this.presence.present(resource));
	}

	private String visible(LockCaller caller, @Nullable String resource) {
		String name = EndpointInput.resource(resource);
		if (!this.policy.maySeePresence(caller, name)) {
			throw EndpointProblem.forbidden("You may not see who is looking at '%s'.", name);
		}
		return name;
	}

	private PresentPeople answer(LockCaller caller, List<Presence> people) {
		return new PresentPeople(people.stream().map((person) -> shown(caller, person)).toList());
	}

	private PresentPerson shown(LockCaller caller, Presence person) {
		return new PresentPerson(
				this.answers.person(person.resource(), person.person(), person.since(), person.expiresIn(), caller),
				StreamEvent.text(person.state()), person.since().toString(), person.expiresIn().toMillis() / 1000.0,
				caller.locker().equals(person.person()));
	}

}
