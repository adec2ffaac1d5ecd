package io.locky.advice;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.reactivex.rxjava3.core.Single;
import kotlin.coroutines.Continuation;
import kotlin.jvm.functions.Function1;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.flow.Flow;
import kotlinx.coroutines.flow.FlowKt;
import kotlinx.coroutines.future.FutureKt;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Records that a method runs, and returns the work that it is passed.
 */
public class Works implements Working {

	static final String RESOURCE = "works";

	private final Trace trace;

	private final ApplicationEventPublisher events;

	public Works(Trace trace, ApplicationEventPublisher events) {
		this.trace = trace;
		this.events = events;
	}

	@Override
	public void enter() {
		this.trace.at(RESOURCE, "method");
		this.events.publishEvent(new Worked());
	}

	@Override
	public void nothing() {
		enter();
	}

	@Override
	public String value() {
		enter();
		return "done";
	}

	@Override
	public String failing() {
		enter();
		throw new IllegalStateException("failed");
	}

	@Override
	public CompletableFuture<String> future(CompletableFuture<String> work) {
		enter();
		return work;
	}

	@Override
	public CompletionStage<String> stage(CompletableFuture<String> work) {
		enter();
		return work.minimalCompletionStage();
	}

	@Override
	public Mono<String> mono(CompletableFuture<String> work) {
		enter();
		return Mono.fromFuture(work, true);
	}

	@Override
	public Flux<String> flux(CompletableFuture<String> work) {
		return mono(work).flux();
	}

	@Override
	public Single<String> single(CompletableFuture<String> work) {
		enter();
		return Single.fromCompletionStage(work);
	}

	@Override
	public Flow<String> flow(CompletableFuture<String> work) {
		enter();
		Function1<Continuation<? super String>, Object> awaiting = (continuation) -> FutureKt.await(work, continuation);
		return FlowKt.asFlow(awaiting);
	}

	@Override
	public Deferred<String> deferred(CompletableFuture<String> work) {
		enter();
		return FutureKt.asDeferred(work);
	}

	/** For listeners of the transaction that a method runs in. */
	public record Worked() {

	}

}
