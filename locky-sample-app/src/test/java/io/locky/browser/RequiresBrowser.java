package io.locky.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests if no browser is found, or fails them if the environment says
 * {@code LOCKY_BROWSER=required}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresBrowser.Condition.class)
public @interface RequiresBrowser {

	/**
	 * Looks for a browser.
	 */
	final class Condition implements ExecutionCondition {

		private static final String NONE = "No Chromium was found, so the tests in a browser are skipped. "
				+ "Install chromium, or name one: CHROME=/path/to/chrome";

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			if (Chromium.find().isPresent() || "required".equals(System.getenv("LOCKY_BROWSER"))) {
				return ConditionEvaluationResult.enabled("a browser");
			}
			System.out.println("[INFO] " + NONE);
			return ConditionEvaluationResult.disabled(NONE);
		}

	}

}
