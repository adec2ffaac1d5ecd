package io.locky.annotation;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;

/**
 * There are several {@code LockerResolver} beans, and none of them is the primary one.
 * Thrown at start-up, so that the mistake shows before the first call.
 *
 * @since 0.9.0
 */
public class AmbiguousLockerException extends RuntimeException {

	AmbiguousLockerException(NoUniqueBeanDefinitionException cause) {
		super("There are several LockerResolver beans: %s".formatted(cause.getBeanNamesFound()), cause);
	}

	/**
	 * How to choose one of the beans.
	 * @return a sentence
	 */
	public String getAction() {
		return "Keep one of them, or mark one as @Primary.";
	}

}
