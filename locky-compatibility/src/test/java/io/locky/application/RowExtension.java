package io.locky.application;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the page with the classes whose tests have all passed, or writes it with
 * {@code -Dmatrix=write}.
 */
class RowExtension implements AfterTestExecutionCallback, AfterAllCallback {

	private final Set<Class<?>> passed = ConcurrentHashMap.newKeySet();

	private final Set<Class<?>> failed = ConcurrentHashMap.newKeySet();

	@Override
	public void afterTestExecution(ExtensionContext context) {
		Set<Class<?>> tests = context.getExecutionException().isPresent() ? this.failed : this.passed;
		tests.add(context.getRequiredTestClass());
	}

	@Override
	public void afterAll(ExtensionContext context) {
		Class<?> type = context.getRequiredTestClass();
		Row row = type.getAnnotation(Row.class);
		if (row == null || !this.passed.contains(type) || this.failed.contains(type)) {
			return;
		}
		if (System.getProperty("matrix", "").equals("write")) {
			Matrix.update((matrix) -> matrix.pass(row));
		}
		else if (Matrix.isDocumentedJdk()) {
			assertThat(Matrix.read().hasPassed(row))
				.as("The page on compatibility says that '%s' with %s has run with %s. If not, run again with -Dmatrix=write",
						row.application(), row.driver(), Matrix.column())
				.isTrue();
		}
	}

}
