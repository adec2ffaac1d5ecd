package io.locky;

import java.util.function.Supplier;

/**
 * A setting has a value that cannot be used. Thrown before a lock is requested with it.
 * With Spring Boot it ends the start-up with a text that names the property and where it
 * was set.
 *
 * @since 0.9.0
 */
public final class InvalidSettingException extends IllegalArgumentException {

	private final String setting;

	private final String problem;

	/**
	 * Creates the exception.
	 * @param setting the name of the setting, or of its property
	 * @param problem what is wrong with it, a phrase such as {@code must not be negative}
	 */
	public InvalidSettingException(String setting, String problem) {
		super("'%s' %s".formatted(setting, problem));
		this.setting = setting;
		this.problem = problem;
	}

	/**
	 * Requires that a value can be used.
	 * @param valid whether it can
	 * @param setting the name of the setting, or of its property
	 * @param problem supplies what is wrong with it
	 * @throws InvalidSettingException if it cannot be used
	 */
	public static void require(boolean valid, String setting, Supplier<String> problem) {
		if (!valid) {
			throw new InvalidSettingException(setting, problem.get());
		}
	}

	/**
	 * The setting whose value cannot be used.
	 * @return its name as in {@link LockySettings.Builder}, or that of its property
	 */
	public String getSetting() {
		return this.setting;
	}

	/**
	 * What is wrong with the value.
	 * @return a phrase such as {@code must not be negative}
	 */
	public String getProblem() {
		return this.problem;
	}

}
