package io.locky.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains how to choose the connection factory for locks. Comes before the analyzer of
 * Spring Boot for several beans.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class AmbiguousConnectionFactoryFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousConnectionFactoryException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousConnectionFactoryException cause) {
		StringBuilder description = new StringBuilder(
				"Locks need one RedisConnectionFactory, but the application has several to choose from:\n");
		cause.names().forEach((name) -> description.append("\n    ").append(name));
		return new FailureAnalysis(description.toString(), """
				Mark the one for locks with @LockyRedis:

				    @Bean
				    @io.locky.autoconfigure.LockyRedis
				    RedisConnectionFactory %s() …

				If one of them is for everything that does not name another one, mark it with @Primary instead. \
				Only one may have either annotation.""".formatted(cause.names().iterator().next()), cause);
	}

}
