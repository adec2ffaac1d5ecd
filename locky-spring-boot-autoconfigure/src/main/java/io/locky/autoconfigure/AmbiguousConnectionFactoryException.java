package io.locky.autoconfigure;

import java.util.Collection;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.util.Assert;

/**
 * There are several connection factories, and it is not clear which one is for locks.
 */
@SuppressWarnings("serial") // Never written.
class AmbiguousConnectionFactoryException extends RuntimeException {

	private final Collection<String> names;

	AmbiguousConnectionFactoryException(NoUniqueBeanDefinitionException cause) {
		super("Locks need one RedisConnectionFactory, but there are " + cause.getBeanNamesFound(), cause);
		Assert.state(cause.getBeanNamesFound() != null, "The names are known where there are several beans");
		this.names = cause.getBeanNamesFound();
	}

	/**
	 * The connection factories to choose from.
	 * @return the names of the beans, at least two
	 */
	Collection<String> names() {
		return this.names;
	}

}
