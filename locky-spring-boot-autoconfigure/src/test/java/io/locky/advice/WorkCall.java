package io.locky.advice;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.CancellationException;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A call of a method of {@link Working}, which records the points that it passes.
 */
final class WorkCall {

	private final ApplicationContext context;

	private final WorkKind kind;

	private final Working works;

	private final Trace trace;

	private final CompletableFuture<String> work = new CompletableFuture<>();

	private @Nullable CompletableFuture<?> result;

	WorkCall(ApplicationContext context, WorkKind kind, Working works) {
		this.context = context;
		this.kind = kind;
		this.works = works;
		this.trace = context.getBean(Trace.class);
	}

	private void at(String point) {
		this.trace.at(Works.RESOURCE, point);
	}

	void invoke() {
		Object returned;
		try {
			returned = this.kind.method().apply(this.works, this.work);
		}
		catch (IllegalStateException ex) {
			at("exception");
			return;
		}
		if (this.kind.start() != WorkKind.Start.ANY_TIME) {
			at("return");
		}
		if (this.kind.end() != null && returned != null) {
			this.result = this.kind.end().apply(returned);
			this.trace.awaitPoint(Works.RESOURCE, "method");
		}
	}

	void complete() {
		if (this.result != null) {
			at("work");
			this.work.complete("done");
			await(this.result);
			at("end");
		}
	}

	void fail() {
		if (this.result != null) {
			at("work");
			this.work.completeExceptionally(new IllegalStateException("failed"));
			await(this.result);
			at("end");
		}
	}

	void cancel() {
		if (this.result != null) {
			at("work");
			this.result.cancel(true);
			if (this.kind.isCancellable()) {
				this.trace.atLast(Works.RESOURCE, "cancellation");
			}
			else {
				at("cancellation");
				this.work.complete("done");
				this.trace.atLast(Works.RESOURCE, "end");
			}
		}
	}

	private static void await(CompletableFuture<?> result) {
		try {
			result.get(20, TimeUnit.SECONDS);
		}
		catch (ExecutionException | CancellationException ex) {
			// As the situation demands.
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void inTransaction(boolean rollback, Runnable action) {
		new TransactionTemplate(this.context.getBean(PlatformTransactionManager.class))
			.executeWithoutResult((status) -> {
				action.run();
				if (rollback) {
					status.setRollbackOnly();
				}
			});
		at("end of the transaction");
	}

	/** That of the method, which may run in another thread. */
	void awaitEndOfTransaction() {
		if (this.result != null) {
			this.trace.awaitPoint(Works.RESOURCE, "`AFTER_COMMIT` listeners");
		}
	}

	void inLockedCall(Runnable action) {
		this.context.getBean(CallerDesk.class).outer(() -> {
			at("outer method");
			action.run();
		});
		at("outer return");
	}

}
