package io.locky.advice;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.locky.ResourceLockedException;
import io.locky.annotation.LockAssert;
import io.locky.annotation.Locked;
import io.locky.annotation.OnDenied;
import io.locky.annotation.RequiresLock;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.validation.annotation.Validated;

/**
 * Locked methods whose callers get something else than the result, sometimes.
 */
@Validated
public class CallerDesk {

	@Locked(Works.RESOURCE)
	public void outer(Runnable action) {
		action.run();
	}

	@Locked("#name")
	public String edit(String name) {
		return "ran";
	}

	@Locked(value = "#name", waitFor = "20s")
	public void editAround(String name, Runnable action) {
		action.run();
	}

	@Locked("#name")
	public String validated(@NotBlank String name) {
		return "ran";
	}

	@RequiresLock(value = "#name", locker = "ann", fence = "#fence")
	public String save(String name, String fence) {
		return "ran";
	}

	@Locked("#name")
	public CompletableFuture<String> future(String name) {
		return CompletableFuture.completedFuture("ran");
	}

	@Locked("#name")
	public CompletionStage<String> failedStage(String name) {
		return CompletableFuture.failedStage(new IllegalStateException("failed"));
	}

	@Locked(value = "#name", maxHold = "300ms")
	public CompletableFuture<String> endless(String name, CompletableFuture<String> work) {
		return work;
	}

	@Locked(value = "#name", maxHold = "300ms")
	public Mono<String> endlessMono(String name, CompletableFuture<String> work) {
		return Mono.fromFuture(work, true);
	}

	@Locked("#name")
	public Mono<String> mono(String name) {
		return Mono.just("ran");
	}

	@Locked(value = "#name", waitFor = "20s")
	public Mono<String> waiting(String name) {
		return Mono.just("ran");
	}

	@Locked(value = "#name", onDenied = OnDenied.SKIP)
	public @Nullable String skipped(String name) {
		return "ran";
	}

	@Locked(value = "#name", onDenied = OnDenied.SKIP)
	public OptionalInt skippedInt(String name) {
		return OptionalInt.of(1);
	}

	@Locked(value = "#name", onDenied = OnDenied.SKIP)
	public CompletableFuture<String> skippedFuture(String name) {
		return CompletableFuture.completedFuture("ran");
	}

	@Locked(value = "#name", onDenied = OnDenied.SKIP)
	public Flux<String> skippedFlux(String name) {
		return Flux.just("ran");
	}

	@Locked(value = "#name", onDenied = OnDenied.FALLBACK, fallback = "instead")
	public String replaced(String name) {
		return "ran";
	}

	private String instead(String name, ResourceLockedException denied) {
		return "locked by " + denied.getLock().locker();
	}

	@Locked(value = "#name", onDenied = OnDenied.FALLBACK, fallback = "monoInstead")
	public Mono<String> replacedMono(String name) {
		return Mono.just("ran");
	}

	private Mono<String> monoInstead(String name) {
		return Mono.just("fallback");
	}

	@Locked("#name")
	@PreAuthorize("hasRole('CHIEF')")
	public Mono<String> secured(String name) {
		return Mono.just("ran");
	}

	@Locked("#name")
	@PreAuthorize("hasRole('CHIEF')")
	public Flux<String> securedFlux(String name) {
		return Flux.just("ran");
	}

	@RequiresLock("#name")
	@PreAuthorize("hasRole('CHIEF')")
	public Mono<String> securedSave(String name) {
		return Mono.just("ran");
	}

	/** Is locked and checked once, although there are two proxies. */
	public static class Scoped {

		@Locked("#name")
		@RequiresLock("#name")
		public String edit(String name) {
			return "ran";
		}

		@RequiresLock(value = "#name", locker = "ann")
		public String save(String name) {
			return "ran";
		}

	}

	/** Has methods that others inherit. */
	public static class Base<T> {

		public String inherited(T name) {
			LockAssert.assertLocked("whole");
			return "ran";
		}

	}

	/** Has methods that others inherit. */
	public interface Reading {

		default String ofInterface() {
			LockAssert.assertLocked("whole");
			return "ran";
		}

	}

	/** Inherits locked methods. */
	@Locked("whole")
	public static class AsAWhole extends Base<String> implements Reading {

		public String own() {
			LockAssert.assertLocked("whole");
			return "ran";
		}

	}

}
