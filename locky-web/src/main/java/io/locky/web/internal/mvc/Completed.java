package io.locky.web.internal.mvc;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Reads stages that are completed: in Spring MVC, an endpoint does all its work in the
 * thread of the request.
 */
final class Completed {

	private Completed() {
	}

	/**
	 * Returns the result of a stage.
	 * @throws RuntimeException the exception that the operation threw
	 */
	static <T> T result(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			if (ex.getCause() instanceof Error cause) {
				throw cause;
			}
			throw ex;
		}
	}

}
