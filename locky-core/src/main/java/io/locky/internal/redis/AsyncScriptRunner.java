package io.locky.internal.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.locky.metrics.LockyMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;

/**
 * Sends the calls of exchanges and keeps no thread until their replies come. What follows
 * from a reply runs in threads that may block, never in those of a connection.
 */
public final class AsyncScriptRunner {

	private static final Logger logger = LoggerFactory.getLogger(AsyncScriptRunner.class);

	private final @Nullable OwnConnection own;

	private final Duration timeout;

	private final SlotMigration migration;

	private final LockyMetrics metrics;

	private final Function<ScriptCall<?>, CompletableFuture<Object>> shared;

	private final Executor threads;

	AsyncScriptRunner(@Nullable OwnConnection own, Duration timeout, SlotMigration migration, LockyMetrics metrics,
			Function<ScriptCall<?>, CompletableFuture<Object>> shared, Executor threads) {
		this.own = own;
		this.timeout = timeout;
		this.migration = migration;
		this.metrics = metrics;
		this.shared = shared;
		this.threads = threads;
	}

	/**
	 * Runs an exchange to its end, whatever becomes of the future.
	 * @param <T> the type of the result
	 * @param exchange the exchange
	 * @return the result, which may be there already
	 */
	public <T> CompletableFuture<T> run(Exchange<T> exchange) {
		CompletableFuture<T> result = new CompletableFuture<>();
		advance(exchange, new ArrayDeque<>(), result);
		return result;
	}

	/**
	 * Runs a task in a thread that may block.
	 * @param task the task
	 */
	public void execute(Runnable task) {
		try {
			this.threads.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// A reply must not be lost, but there may be no such thread any more.
			logger.debug("No thread for what follows from a reply of Redis", ex);
			task.run();
		}
	}

	/**
	 * Runs an exchange up to its next call, or to its end.
	 * @param exchange what is left of it
	 * @param steps those that go on afterwards, the next one first
	 * @param result gets the end
	 */
	@SuppressWarnings("unchecked")
	private <T> void advance(Exchange<?> exchange, Deque<ExchangeStep<?, ?>> steps, CompletableFuture<T> result) {
		Exchange<?> rest = exchange;
		while (true) {
			if (rest instanceof ExchangeStep<?, ?> step) {
				steps.push(step);
				rest = step.before();
			}
			else if (!(rest instanceof ExchangeEnd<?> end)) {
				send(rest, steps, result);
				return;
			}
			else if (steps.isEmpty()) {
				complete((ExchangeEnd<T>) end, result);
				return;
			}
			else {
				rest = ((ExchangeStep<Object, ?>) steps.pop()).after((ExchangeEnd<Object>) end);
			}
		}
	}

	private static <T> void complete(ExchangeEnd<T> end, CompletableFuture<T> result) {
		if (end instanceof ExchangeFailure<T> failed) {
			result.completeExceptionally(failed.failure());
		}
		else {
			result.complete(((ExchangeResult<T>) end).value());
		}
	}

	private <T> void send(Exchange<?> call, Deque<ExchangeStep<?, ?>> steps, CompletableFuture<T> result) {
		answer(call).whenComplete((answer, failure) -> execute(() -> {
			try {
				advance((failure == null) ? Exchange.of(answer) : Exchange.failed(unwrapped(failure)), steps, result);
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}));
	}

	private CompletableFuture<?> answer(Exchange<?> call) {
		try {
			return (call instanceof ExchangeCalls<?> several) ? answers(several.calls())
					: reply(((ExchangeCall<?>) call).call(), ((ExchangeCall<?>) call).once());
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private <R> CompletableFuture<List<R>> answers(List<ScriptCall<R>> calls) {
		List<CompletableFuture<R>> replies = calls.stream().map((call) -> reply(call, false)).toList();
		return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new)).thenApply((all) -> {
			List<R> answers = new ArrayList<>(replies.size());
			replies.forEach((reply) -> answers.add(reply.join()));
			return answers;
		});
	}

	private <R> CompletableFuture<R> reply(ScriptCall<R> call, boolean once) {
		long sent = System.nanoTime();
		CompletableFuture<R> reply = send(call, once, this.migration.begin())
			.thenApply((answer) -> call.read(ScriptRunner.required(answer)));
		return (this.metrics == LockyMetrics.NONE) ? reply
				: reply.whenComplete((answer, failure) -> measure(call, failure != null, System.nanoTime() - sent));
	}

	private void measure(ScriptCall<?> call, boolean failed, long nanos) {
		if (call.script() instanceof LockyScript<?> script) {
			this.metrics.scriptRan(script.name(), failed, nanos);
		}
	}

	private CompletableFuture<Object> send(ScriptCall<?> call, boolean once, SlotMigration.Wait migration) {
		OwnConnection connection = once ? this.own : null;
		CompletableFuture<Object> reply = (connection != null) ? sendOnce(connection, call) : sendShared(call);
		return reply.exceptionallyCompose((failure) -> {
			Executor later = CompletableFuture.delayedExecutor(migration.pauseAfter(unwrapped(failure)).toNanos(),
					TimeUnit.NANOSECONDS, this::execute);
			return CompletableFuture.runAsync(() -> {
			}, later).thenCompose((paused) -> send(call, once, migration));
		});
	}

	/** The driver sends it again after a lost connection, and may wait without end. */
	private CompletableFuture<Object> sendShared(ScriptCall<?> call) {
		CompletableFuture<Object> sent = this.shared.apply(call);
		if (this.timeout.isZero()) {
			return sent;
		}
		return sent.copy().orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS).exceptionallyCompose((failure) -> {
			sent.cancel(true);
			return CompletableFuture.failedFuture((failure instanceof TimeoutException)
					? new QueryTimeoutException("Redis did not reply within " + this.timeout, failure) : failure);
		});
	}

	/** The first connection takes a thread that may block. */
	private CompletableFuture<Object> sendOnce(OwnConnection connection, ScriptCall<?> call) {
		long stamp = connection.tryBeginUse();
		NativeScripts connected = (stamp != 0) ? connection.connectedScripts() : null;
		if (connected != null) {
			return connected.sendAsync(call).whenComplete((reply, failure) -> connection.endUse(stamp));
		}
		if (stamp != 0) {
			connection.endUse(stamp);
		}
		CompletableFuture<CompletableFuture<Object>> sending = new CompletableFuture<>();
		execute(() -> {
			try {
				sending.complete(connectAndSend(connection, call));
			}
			catch (Throwable ex) {
				sending.completeExceptionally(ex);
			}
		});
		return sending.thenCompose((reply) -> reply);
	}

	private CompletableFuture<Object> connectAndSend(OwnConnection connection, ScriptCall<?> call) {
		long stamp = connection.beginUse();
		CompletableFuture<Object> reply;
		try {
			NativeScripts scripts = ScriptRunner.connected(connection::scripts);
			reply = (scripts != null) ? scripts.sendAsync(call) : sendShared(call);
		}
		catch (Throwable ex) {
			connection.endUse(stamp);
			throw ex;
		}
		return reply.whenComplete((result, failure) -> connection.endUse(stamp));
	}

	private static RuntimeException unwrapped(Throwable failure) {
		Throwable cause = failure;
		while (cause instanceof CompletionException && cause.getCause() != null) {
			cause = cause.getCause();
		}
		return (cause instanceof RuntimeException exception) ? exception
				: new DataAccessResourceFailureException("Redis did not answer", cause);
	}

}
