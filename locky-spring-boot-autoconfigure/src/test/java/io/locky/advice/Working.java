package io.locky.advice;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.locky.annotation.Locked;
import io.reactivex.rxjava3.core.Single;
import kotlinx.coroutines.Deferred;
import kotlinx.coroutines.flow.Flow;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Locked methods with results of every kind.
 */
public interface Working extends Suspending {

	@Locked(Works.RESOURCE)
	void nothing();

	@Locked(Works.RESOURCE)
	String value();

	@Locked(Works.RESOURCE)
	String failing();

	@Locked(Works.RESOURCE)
	CompletableFuture<String> future(CompletableFuture<String> work);

	@Locked(Works.RESOURCE)
	CompletionStage<String> stage(CompletableFuture<String> work);

	@Locked(Works.RESOURCE)
	Mono<String> mono(CompletableFuture<String> work);

	@Locked(Works.RESOURCE)
	Flux<String> flux(CompletableFuture<String> work);

	@Locked(Works.RESOURCE)
	Single<String> single(CompletableFuture<String> work);

	@Locked(Works.RESOURCE)
	Flow<String> flow(CompletableFuture<String> work);

	@Locked(Works.RESOURCE)
	Deferred<String> deferred(CompletableFuture<String> work);

}
