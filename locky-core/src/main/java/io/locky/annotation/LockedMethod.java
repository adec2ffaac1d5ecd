package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.UUID;

import io.locky.LockNames;
import io.locky.LockRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.expression.EvaluationContext;
import org.springframework.util.ClassUtils;

/**
 * A method that locks, understood once and checked.
 *
 * @param method the method
 * @param texts what its annotation says
 * @param options how it locks
 * @param denial what it does if it gets no lock
 * @param reactive what it returns, if that is a reactive type, else {@code null}
 */
record LockedMethod(Method method, LockedTexts texts, LockedOptions options, Denial denial,
		@Nullable ReactiveAdapter reactive) {

	/**
	 * What one call wants.
	 * @param arguments the arguments of the call
	 * @param caller who calls, or {@code null} if nobody knows: then the call itself is
	 * the locker
	 * @return the locks
	 * @throws IllegalArgumentException if the arguments do not make a name
	 */
	WantedLocks wanted(@Nullable Object[] arguments, @Nullable String caller) {
		String[] names = this.texts.parameters().toArray(String[]::new);
		EvaluationContext context = MethodArguments.of(names, arguments);
		String named = resolve(this.texts.locker(), "locker", context);
		String locker = (named != null) ? named : (caller != null) ? caller : label() + "/" + UUID.randomUUID();
		String note = resolve(this.texts.note(), "note", context);
		return new WantedLocks(this.texts.resources()
			.stream()
			.map((text) -> resource(text, context))
			.distinct()
			.sorted()
			.map((resource) -> request(resource, locker, note))
			.toList(), named, this.options.waitFor(), this.options.onLost());
	}

	private LockRequest request(String resource, String locker, @Nullable String note) {
		LockRequest request = this.options.apply(LockRequest.of(resource).by(locker));
		return (note != null) ? request.note(note) : request;
	}

	private String resource(TextTemplate text, EvaluationContext context) {
		try {
			return LockNames.resource(text.resolve(context));
		}
		catch (RuntimeException ex) {
			throw unusable("resource", ex);
		}
	}

	private @Nullable String resolve(@Nullable TextTemplate text, String what, EvaluationContext context) {
		try {
			return (text != null) ? text.resolve(context) : null;
		}
		catch (RuntimeException ex) {
			throw unusable(what, ex);
		}
	}

	private IllegalArgumentException unusable(String what, RuntimeException cause) {
		return new IllegalArgumentException("@Locked on %s cannot name its %s: %s"
			.formatted(ClassUtils.getQualifiedMethodName(this.method), what, cause.getMessage()), cause);
	}

	/** A short name to recognize the locks of the method by. */
	private String label() {
		return this.method.getDeclaringClass().getSimpleName() + "." + this.method.getName();
	}

}
