package io.locky.advice;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.reactivex.rxjava3.core.Single;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.flow.Flow;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.annotation.Transactional;

/**
 * Runs each method in a transaction of its own. The annotation applies to the methods
 * that the class declares.
 */
@Transactional
public class TransactionalWorks extends Works {

	public TransactionalWorks(Trace trace, ApplicationEventPublisher events) {
		super(trace, events);
	}

	@Override
	public void nothing() {
		super.nothing();
	}

	@Override
	public String value() {
		return super.value();
	}

	@Override
	public String failing() {
		return super.failing();
	}

	@Override
	public CompletableFuture<String> future(CompletableFuture<String> work) {
		return super.future(work);
	}

	/** The advice of Spring needs a future that can be asked whether it is done. */
	@Override
	public CompletionStage<String> stage(CompletableFuture<String> work) {
		return super.stage(work).toCompletableFuture();
	}

	@Override
	public Mono<String> mono(CompletableFuture<String> work) {
		return super.mono(work);
	}

	@Override
	public Flux<String> flux(CompletableFuture<String> work) {
		return super.flux(work);
	}

	@Override
	public Single<String> single(CompletableFuture<String> work) {
		return super.single(work);
	}

	@Override
	public Flow<String> flow(CompletableFuture<String> work) {
		return super.flow(work);
	}

	@Override
	public Deferred<String> deferred(CompletableFuture<String> work) {
		return super.deferred(work);
	}

}
