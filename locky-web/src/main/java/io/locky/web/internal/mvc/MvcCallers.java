package io.locky.web.internal.mvc;

import io.locky.LockerResolver;
import io.locky.web.LockCaller;
import io.locky.web.internal.endpoint.LockEndpoint;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The callers of requests to Spring MVC.
 */
public final class MvcCallers {

	private final @Nullable LockerResolver lockers;

	/**
	 * Creates the callers.
	 * @param lockers returns the locker of a request, or {@code null} if there is none
	 */
	public MvcCallers(@Nullable LockerResolver lockers) {
		this.lockers = lockers;
	}

	LockCaller of(HttpServletRequest request) {
		return LockEndpoint.caller((this.lockers != null) ? this.lockers.resolveLocker() : null,
				request.getUserPrincipal());
	}

}
