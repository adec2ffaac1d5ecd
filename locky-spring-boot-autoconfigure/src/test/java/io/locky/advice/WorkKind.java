package io.locky.advice;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.reactivex.rxjava3.core.Single;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.future.FutureKt;
import kotlinx.coroutines.reactor.ReactorFlowKt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A method of {@link Working}, by the kind of its result.
 *
 * @param name the kind
 * @param method calls the method with its work
 * @param end subscribes to the result, or {@code null} if there is none to wait for
 * @param start when the method runs
 */
record WorkKind(String name, BiFunction<Working, CompletableFuture<String>, @Nullable Object> method,
		@Nullable Function<Object, CompletableFuture<?>> end, Start start) {

	static final List<WorkKind> ALL = List.of(new WorkKind("`void`", (works, work) -> {
		works.nothing();
		return null;
	}, null, Start.BEFORE_RETURN), new WorkKind("a value", (works, work) -> works.value(), null, Start.BEFORE_RETURN),
			new WorkKind("an exception", (works, work) -> works.failing(), null, Start.BEFORE_RETURN),
			new WorkKind("`CompletableFuture`", Working::future, (result) -> (CompletableFuture<?>) result,
					Start.BEFORE_RETURN),
			new WorkKind("`CompletionStage`", Working::stage,
					(result) -> ((CompletionStage<?>) result).toCompletableFuture(), Start.BEFORE_RETURN),
			new WorkKind("`Mono`", Working::mono, (result) -> ((Mono<?>) result).toFuture(), Start.AT_SUBSCRIPTION),
			new WorkKind("`Flux`", Working::flux, (result) -> ((Flux<?>) result).collectList().toFuture(),
					Start.AT_SUBSCRIPTION),
			new WorkKind("`Single` of RxJava", Working::single,
					(result) -> ((Single<?>) result).toCompletionStage().toCompletableFuture(), Start.AT_SUBSCRIPTION),
			new WorkKind("`Flow` of Kotlin", Working::flow,
					(result) -> ReactorFlowKt.asFlux((Flow<?>) result).collectList().toFuture(), Start.AT_SUBSCRIPTION),
			new WorkKind("`Deferred` of Kotlin", Working::deferred,
					(result) -> FutureKt.asCompletableFuture((Deferred<?>) result), Start.ANY_TIME),
			new WorkKind("`suspend` of Kotlin", SuspendingCalls::start, (result) -> (CompletableFuture<?>) result,
					Start.ANY_TIME));

	List<Situation> situations() {
		if (isSuspending()) {
			return Situation.OF_WORK.stream().filter((each) -> each != Situation.OWN_TRANSACTION).toList();
		}
		return (this.end != null) ? Situation.OF_WORK : Situation.OF_CALLS;
	}

	/** Imperative transactions end before the function begins. */
	private boolean isSuspending() {
		return this.name.startsWith("`suspend`");
	}

	/** Whether the method's work is cancelled with its result. */
	boolean isCancellable() {
		return !this.name.equals("`CompletionStage`");
	}

	enum Start {

		BEFORE_RETURN, AT_SUBSCRIPTION, ANY_TIME

	}

}
