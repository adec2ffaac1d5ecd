package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

import io.locky.LockNames;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.EvaluationContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/**
 * A method that needs a lock, understood once and checked.
 */
final class RequiresLockMethod {

	private final String name;

	private final AnnotationTexts texts;

	private final List<TextTemplate> resources;

	private final @Nullable TextTemplate locker;

	private final List<TextTemplate> fences;

	private final @Nullable ReactiveAdapter reactive;

	private RequiresLockMethod(Method method, AnnotationTexts texts, RequiresLock annotation) {
		this.name = ClassUtils.getQualifiedMethodName(method);
		this.texts = texts;
		this.resources = Stream.of(annotation.value()).map((text) -> texts.parse("value", text)).toList();
		this.locker = annotation.locker().isEmpty() ? null : texts.parse("locker", annotation.locker());
		this.fences = Stream.of(annotation.fence()).map((text) -> texts.parse("fence", text)).toList();
		this.reactive = ReactiveTypes.find(method.getReturnType());
	}

	static RequiresLockMethod of(Method method, StringValueResolver properties) {
		RequiresLock annotation = AnnotatedElementUtils.findMergedAnnotation(method, RequiresLock.class);
		if (annotation == null) {
			throw new IllegalArgumentException("No @RequiresLock on " + method);
		}
		ProxyConstraints.checkReachable(RequiresLock.class, method, "unchecked");
		AnnotationTexts texts = new AnnotationTexts(RequiresLock.class, method, properties);
		if (annotation.value().length == 0) {
			throw texts.invalid("it names no resource", "Name the resources that must be locked.");
		}
		if (annotation.fence().length > 0 && annotation.fence().length != annotation.value().length) {
			throw texts.invalid(
					"it has %d resources and %d fences".formatted(annotation.value().length, annotation.fence().length),
					"Give one fence for each resource, in their order, or none.");
		}
		return new RequiresLockMethod(method, texts, annotation);
	}

	/**
	 * What one call needs.
	 * @param arguments the arguments of the call
	 * @return its requirement
	 * @throws IllegalArgumentException if the arguments do not say
	 */
	LockRequirement requirement(@Nullable Object[] arguments) {
		try {
			EvaluationContext context = this.texts.context(arguments);
			List<String> names = this.resources.stream().map((text) -> text.resolve(context)).toList();
			String holder = (this.locker != null) ? LockNames.locker(this.locker.resolve(context)) : null;
			return new LockRequirement(this.name, names, holder,
					this.fences.stream().map((text) -> fence(text.resolve(context))).toList());
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(
					"@RequiresLock on %s cannot tell which lock it needs: %s".formatted(this.name, ex.getMessage()),
					ex);
		}
	}

	/** A lock that another client wrote has the fence 0: it must not pass for a grant. */
	private static Long fence(String text) {
		long value;
		try {
			value = Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'fence' must be a whole number, but is '%s'".formatted(text), ex);
		}
		if (value <= 0) {
			throw new IllegalArgumentException("'fence' must be positive, but is %d".formatted(value));
		}
		return value;
	}

	/**
	 * How to deal with what the method returns.
	 * @return an adapter, or {@code null} if its work is done when it returns
	 */
	@Nullable ReactiveAdapter reactive() {
		return this.reactive;
	}

}
