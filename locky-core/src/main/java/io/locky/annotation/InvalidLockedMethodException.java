package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;

import org.springframework.util.ClassUtils;

/**
 * A method has a lock annotation that cannot work. Thrown at start-up, so that the
 * mistake shows before the first call.
 *
 * @since 0.9.0
 */
public class InvalidLockedMethodException extends RuntimeException {

	private final String action;

	InvalidLockedMethodException(Method method, String problem, String action) {
		this(Locked.class, method, problem, action);
	}

	InvalidLockedMethodException(Class<? extends Annotation> annotation, Method method, String problem, String action) {
		this(annotation, ClassUtils.getQualifiedMethodName(method), problem, action);
	}

	InvalidLockedMethodException(Class<? extends Annotation> annotation, String place, String problem, String action) {
		super("@%s on %s: %s".formatted(annotation.getSimpleName(), place, problem));
		this.action = action;
	}

	/**
	 * How to correct the annotation or the method.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

}
