package io.locky.web.internal.mvc;

import io.locky.web.internal.endpoint.LockSessions;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/**
 * Ends what belongs to a session when the session ends: at logout, and after its
 * time-out.
 */
public final class LockSessionListener implements HttpSessionListener, HttpSessionIdListener {

	private final LockSessions sessions;

	/**
	 * Creates the listener.
	 * @param sessions ends what belongs to a session
	 */
	public LockSessionListener(LockSessions sessions) {
		this.sessions = sessions;
	}

	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		HttpSession session = event.getSession();
		this.sessions.end(session.getId(), session.getAttribute(LockSessions.ATTRIBUTE));
	}

	/** A login changes the id of a session, and perhaps what its user may watch. */
	@Override
	public void sessionIdChanged(HttpSessionEvent event, String oldId) {
		this.sessions.renew(oldId);
	}

}
