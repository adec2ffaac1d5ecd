package io.locky;

/**
 * Thrown for a value that cannot name a resource or a locker, or cannot be a fencing
 * token or a note, for example because it is blank or too long. Such values often come
 * from the request of a user.
 *
 * @since 0.9.0
 */
public final class InvalidLockValueException extends IllegalArgumentException {

	private final String problem;

	/**
	 * Creates the exception.
	 * @param problem what is wrong with the value, a phrase that may be shown to users
	 */
	public InvalidLockValueException(String problem) {
		super(problem);
		this.problem = problem;
	}

	/**
	 * Creates the exception with the place where the value was used.
	 * @param place the beginning of the message, such as the method that was called
	 * @param cause the exception that says what is wrong
	 */
	public InvalidLockValueException(String place, InvalidLockValueException cause) {
		super(place + ": " + cause.getMessage(), cause);
		this.problem = cause.problem;
	}

	/**
	 * What is wrong with the value, without the place in the program.
	 * @return a phrase such as {@code 'resource' must not be blank}
	 */
	public String getProblem() {
		return this.problem;
	}

}
