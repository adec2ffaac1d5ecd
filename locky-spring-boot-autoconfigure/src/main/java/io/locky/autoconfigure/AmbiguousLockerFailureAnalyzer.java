package io.locky.autoconfigure;

import io.locky.annotation.AmbiguousLockerException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that there are several locker resolvers.
 */
class AmbiguousLockerFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousLockerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousLockerException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.getAction(), cause);
	}

}
