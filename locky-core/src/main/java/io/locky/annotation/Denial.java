package io.locky.annotation;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.locky.ResourceLockedException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;

/**
 * What a method does if it gets no lock.
 *
 * @param action what to do
 * @param fallback the method to call instead, or {@code null} if there is none
 * @param returnType what the method returns
 * @param reactive how to make that, if it is a reactive type
 */
record Denial(OnDenied action, @Nullable FallbackMethod fallback, Class<?> returnType,
		@Nullable ReactiveAdapter reactive) {

	@Nullable Object answer(MethodInvocation invocation, ResourceLockedException denied) throws Throwable {
		if (this.action == OnDenied.SKIP) {
			return nothing();
		}
		if (this.fallback != null) {
			return this.fallback.call(invocation, denied);
		}
		throw denied;
	}

	private @Nullable Object nothing() {
		if (this.reactive != null) {
			return this.reactive.getDescriptor().getEmptyValue();
		}
		if (CompletionStage.class.isAssignableFrom(this.returnType)) {
			return CompletableFuture.completedFuture(null);
		}
		return (this.returnType == Optional.class) ? Optional.empty() : null;
	}

}
