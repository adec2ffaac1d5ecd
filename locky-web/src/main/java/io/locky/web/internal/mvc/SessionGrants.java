package io.locky.web.internal.mvc;

import java.util.Map;

import io.locky.web.internal.endpoint.EndpointMessages.GrantBody;
import io.locky.web.internal.endpoint.EndpointProblem;
import io.locky.web.internal.endpoint.LockSessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.WebUtils;

/**
 * Keeps the grants of a session in an attribute of the session, if there is one.
 */
final class SessionGrants {

	private final LockSessions sessions;

	SessionGrants(LockSessions sessions) {
		this.sessions = sessions;
	}

	/** A session that ended meanwhile has released its other grants without this one. */
	void add(HttpServletRequest request, String resource, String locker, long fence) {
		HttpSession session = request.getSession(false);
		if (session == null) {
			return;
		}
		try {
			synchronized (WebUtils.getSessionMutex(session)) {
				Object grants = session.getAttribute(LockSessions.ATTRIBUTE);
				set(session, grants, LockSessions.with(grants, resource, locker, fence));
			}
		}
		catch (IllegalStateException ex) {
			this.sessions.end(session.getId(), LockSessions.with(null, resource, locker, fence));
			throw EndpointProblem.unauthenticated();
		}
	}

	void remove(HttpServletRequest request, GrantBody grant) {
		HttpSession session = request.getSession(false);
		if (session == null || grant.resource() == null || grant.fence() == null) {
			return;
		}
		try {
			synchronized (WebUtils.getSessionMutex(session)) {
				Object grants = session.getAttribute(LockSessions.ATTRIBUTE);
				set(session, grants, LockSessions.without(grants, grant.resource(), grant.fence()));
			}
		}
		catch (IllegalStateException ex) {
			// The session has ended meanwhile.
		}
	}

	private static void set(HttpSession session, @Nullable Object before, Map<String, String> grants) {
		if (grants != before) {
			session.setAttribute(LockSessions.ATTRIBUTE, grants);
		}
	}

}
