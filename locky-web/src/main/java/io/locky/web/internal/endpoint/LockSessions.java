package io.locky.web.internal.endpoint;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import org.springframework.dao.DataAccessException;

/**
 * Ends what belongs to a session when the session ends: its streams, and the grants that
 * its pages hold. The session itself remembers these grants, as plain text in an
 * attribute: any instance that serves it can release them, and another session of the
 * same user keeps its own.
 */
public final class LockSessions {

	/** The name of the attribute. */
	public static final String ATTRIBUTE = "io.locky.web.grants";

	private static final Logger logger = LoggerFactory.getLogger(LockSessions.class);

	/** Grants end without the session learning of it, so it forgets the oldest. */
	private static final int MOST_GRANTS = 1000;

	private final LockyOperations locks;

	private final LockStreams streams;

	/**
	 * Creates an object that ends sessions.
	 * @param locks the locks
	 * @param streams the live streams
	 */
	public LockSessions(LockyOperations locks, LockStreams streams) {
		this.locks = locks;
		this.streams = streams;
	}

	/**
	 * Adds a grant to those of a session.
	 * @param attribute the attribute of the session, or {@code null}
	 * @param resource the locked resource
	 * @param locker the locker that holds it
	 * @param fence the fence of the grant
	 * @return the new attribute, or the same if nothing changed
	 */
	public static Map<String, String> with(@Nullable Object attribute, String resource, String locker, long fence) {
		Map<String, String> grants = grants(attribute);
		String grant = fence + ":" + locker;
		if (grant.equals(grants.get(resource))) {
			return grants;
		}
		Map<String, String> changed = new LinkedHashMap<>(grants);
		changed.remove(resource);
		changed.put(resource, grant);
		if (changed.size() > MOST_GRANTS) {
			changed.remove(changed.keySet().iterator().next());
		}
		return changed;
	}

	/**
	 * Removes a grant from those of a session.
	 * @param attribute the attribute of the session, or {@code null}
	 * @param resource the resource that was locked
	 * @param fence the fence of the grant
	 * @return the new attribute, or the same if nothing changed
	 */
	public static Map<String, String> without(@Nullable Object attribute, String resource, long fence) {
		Map<String, String> grants = grants(attribute);
		if (!grants.getOrDefault(resource, "").startsWith(fence + ":")) {
			return grants;
		}
		Map<String, String> changed = new LinkedHashMap<>(grants);
		changed.remove(resource);
		return changed;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, String> grants(@Nullable Object attribute) {
		return (attribute instanceof Map<?, ?> grants) ? (Map<String, String>) grants : Map.of();
	}

	/**
	 * Ends the streams of a session, and releases its grants. Never fails: if Redis does
	 * not answer, their leases end.
	 * @param session the id of the session
	 * @param attribute the attribute of the session, or {@code null}
	 */
	public void end(String session, @Nullable Object attribute) {
		end(session, attribute, Duration.ZERO);
	}

	/**
	 * Ends the streams of a session that is about to end, and releases its grants. Never
	 * fails: if Redis does not answer, their leases end.
	 * @param session the id of the session
	 * @param attribute the attribute of the session, or {@code null}
	 * @param most how long to wait for the responses of the streams to end. Spring MVC
	 * ends them with a dispatch through the filters, which Spring Security denies, with
	 * errors in the log, once the session has ended
	 */
	public void end(String session, @Nullable Object attribute, Duration most) {
		this.streams.endSession(session, most);
		try {
			grants(attribute).forEach(this::release);
		}
		catch (DataAccessException ex) {
			// A web server that stops ends its sessions when Redis is no longer
			// connected.
			logger.atLevel(this.streams.isRunning() ? Level.WARN : Level.DEBUG)
				.log("The locks of a session that ended could not be released; their leases end: {}", ex.getMessage());
		}
	}

	private void release(String resource, String grant) {
		int end = grant.indexOf(':');
		this.locks.unlock(resource, grant.substring(end + 1), Long.parseLong(grant.substring(0, end)));
	}

	/**
	 * Ends the streams of a session that got another id: their pages open them again.
	 * @param session the old id of the session
	 */
	public void renew(String session) {
		this.streams.renewSession(session);
	}

}
