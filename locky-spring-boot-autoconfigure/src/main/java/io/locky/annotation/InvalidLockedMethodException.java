package io.locky.annotation;

import java.lang.reflect.Method;

import org.springframework.util.ClassUtils;

/**
 * A method carries a lock annotation that cannot work. Thrown at start-up, so that it is
 * not found out by the first caller.
 *
 * @since 0.1.0
 */
public class InvalidLockedMethodException extends RuntimeException {

	private final String action;

	InvalidLockedMethodException(Method method, String problem, String action) {
		super("@Locked on %s: %s".formatted(ClassUtils.getQualifiedMethodName(method), problem));
		this.action = action;
	}

	/**
	 * What to do about it.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}
