package io.locky.web.internal;

import io.locky.InvalidLockValueException;
import io.locky.LockLostException;
import io.locky.LockRequiredException;
import io.locky.ResourceLockedException;
import io.locky.StaleFenceException;
import io.locky.web.LockProblems;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Turns exceptions of Locky that leave a controller into problem details. Exception
 * handlers of the application come first.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class LockProblemAdvice {

	private final LockProblems problems;

	/**
	 * Creates the advice.
	 * @param problems the responses
	 */
	public LockProblemAdvice(LockProblems problems) {
		this.problems = problems;
	}

	@ExceptionHandler
	ErrorResponse locked(ResourceLockedException ex) {
		return this.problems.of(ex);
	}

	@ExceptionHandler
	ErrorResponse lockRequired(LockRequiredException ex) {
		return this.problems.of(ex);
	}

	@ExceptionHandler
	ErrorResponse staleFence(StaleFenceException ex) {
		return this.problems.of(ex);
	}

	@ExceptionHandler
	ErrorResponse lockLost(LockLostException ex) {
		return this.problems.of(ex);
	}

	@ExceptionHandler
	ErrorResponse invalidValue(InvalidLockValueException ex) {
		return this.problems.of(ex);
	}

}
