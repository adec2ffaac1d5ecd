package io.locky.autoconfigure;

import io.locky.annotation.InvalidLockedMethodException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a lock annotation that cannot work.
 */
class InvalidLockedMethodFailureAnalyzer extends AbstractFailureAnalyzer<InvalidLockedMethodException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidLockedMethodException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.getAction(), cause);
	}

}
