package io.locky.check;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

/**
 * Tells what Redis refuses from what it cannot do now.
 */
final class Refusals {

	private Refusals() {
	}

	static boolean isUnknownScript(DataAccessException failure) {
		return message(failure).contains("NOSCRIPT");
	}

	static boolean isRefusal(DataAccessException failure) {
		return message(failure).contains("NOPERM");
	}

	/**
	 * The error by which Redis refused a command.
	 * @param failure what became of the command
	 * @return the error
	 * @throws DataAccessException the failure, if it is anything else
	 */
	static String require(DataAccessException failure) {
		if (!isRefusal(failure)) {
			throw failure;
		}
		return message(failure);
	}

	private static String message(DataAccessException failure) {
		return String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
	}

}
