package io.locky.web.internal.webflux;

import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointProblem;
import io.locky.web.internal.endpoint.LockSessions;
import org.jspecify.annotations.Nullable;

import org.springframework.web.server.WebSession;

/**
 * The caller of a request with its session, which keeps the grants of its pages in an
 * attribute.
 *
 * @param caller the caller
 * @param session the session, or {@code null} if there is none
 */
record SessionCall(LockCaller caller, @Nullable WebSession session) {

	@Nullable String sessionId() {
		return (this.session != null) ? this.session.getId() : null;
	}

	/** A session that ended meanwhile has released its other grants without this one. */
	void add(String resource, long fence, LockSessions sessions) {
		if (this.session == null) {
			return;
		}
		String locker = this.caller.locker();
		this.session.getAttributes()
			.compute(LockSessions.ATTRIBUTE, (name, grants) -> LockSessions.with(grants, resource, locker, fence));
		if (this.session.isExpired()) {
			sessions.end(this.session.getId(), LockSessions.with(null, resource, locker, fence));
			throw EndpointProblem.unauthenticated();
		}
	}

	void remove(GrantBody grant) {
		String resource = grant.resource();
		Long fence = grant.fence();
		if (this.session != null && resource != null && fence != null) {
			this.session.getAttributes()
				.computeIfPresent(LockSessions.ATTRIBUTE,
						(name, grants) -> LockSessions.without(grants, resource, fence));
		}
	}

}
