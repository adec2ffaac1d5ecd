package io.locky.web.internal.endpoint;

import java.security.Principal;

import io.locky.LockNames;
import io.locky.web.LockCaller;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Makes callers of those who are known.
 *
 * @since 0.1.0
 */
public final class LockCallers {

	private LockCallers() {
	}

	/**
	 * The caller of a request.
	 * @param locker whom the {@link io.locky.LockerResolver LockerResolver} knows, or
	 * {@code null}
	 * @param principal who has logged in, or {@code null}
	 * @return the caller
	 * @throws EndpointProblem if the locker is nobody in particular
	 */
	public static LockCaller of(@Nullable Object locker, @Nullable Principal principal) {
		if (locker == null || locker.toString().isEmpty()) {
			throw EndpointProblem.of(HttpStatus.UNAUTHORIZED, "unauthenticated", "Nobody is known to call. Log in.");
		}
		return new LockCaller(LockNames.locker(locker), principal);
	}

}
