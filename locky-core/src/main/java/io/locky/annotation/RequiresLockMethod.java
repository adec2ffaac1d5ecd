package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

import io.locky.InvalidLockValueException;
import io.locky.LockNames;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

/**
 * A method with {@link RequiresLock @RequiresLock}, its annotation parsed and checked.
 */
final class RequiresLockMethod {

	private final String name;

	private final List<String> parameters;

	private final List<TextTemplate> resources;

	private final @Nullable TextTemplate locker;

	private final List<TextTemplate> fences;

	private final @Nullable ReactiveAdapter reactive;

	private RequiresLockMethod(Method method, Class<?> beanType, AnnotationTexts texts, RequiresLock annotation) {
		this.name = ClassUtils.getQualifiedMethodName(method);
		this.parameters = texts.parameters();
		this.resources = Stream.of(annotation.value()).map((text) -> texts.parse("value", text)).toList();
		this.locker = annotation.locker().isEmpty() ? null : texts.parse("locker", annotation.locker());
		this.fences = Stream.of(annotation.fence()).map((text) -> texts.parse("fence", text)).toList();
		this.reactive = ProxyConstraints.reactiveAdapter(method, beanType);
	}

	private static RequiresLockMethod parse(Method method, Class<?> beanType, RequiresLock annotation,
			StringValueResolver propertyResolver) {
		ProxyConstraints.checkReachable(RequiresLock.class, method, beanType, "unchecked");
		SuspendingFunction.check(RequiresLock.class, method);
		AnnotationTexts texts = new AnnotationTexts(RequiresLock.class, method, propertyResolver);
		if (annotation.value().length == 0) {
			throw texts.invalid("it names no resource", "Name the resources that must be locked.");
		}
		if (annotation.fence().length > 0 && annotation.fence().length != annotation.value().length) {
			throw texts.invalid(
					"it has %d resources and %d fences".formatted(annotation.value().length, annotation.fence().length),
					"Give one fence for each resource, in their order, or none.");
		}
		return new RequiresLockMethod(method, beanType, texts, annotation);
	}

	/**
	 * The name of the method.
	 * @return its name with that of its class
	 */
	String name() {
		return this.name;
	}

	/**
	 * The resources that must be locked.
	 * @return their names, with placeholders
	 */
	List<TextTemplate> resources() {
		return this.resources;
	}

	/**
	 * Whether the annotation has neither a locker nor fences.
	 * @return whether only the current locker can be checked
	 */
	boolean needsCurrentLocker() {
		return this.locker == null && this.fences.isEmpty();
	}

	/**
	 * The locks that one call requires.
	 * @param arguments the arguments of the call
	 * @return its requirement
	 * @throws IllegalArgumentException if a name or a fence cannot be made of the
	 * arguments
	 */
	LockVerifier.Requirement requirement(@Nullable Object[] arguments) {
		try {
			CallArguments values = new CallArguments(this.parameters, arguments);
			List<String> names = this.resources.stream()
				.map((text) -> LockNames.resource(text.resolve(values)))
				.toList();
			String namedLocker = (this.locker != null) ? LockNames.locker(this.locker.resolve(values)) : null;
			return new LockVerifier.Requirement(this.name, names, namedLocker,
					this.fences.stream().map((text) -> fence(text.resolve(values))).toList());
		}
		catch (RuntimeException ex) {
			String place = "@RequiresLock on %s cannot name the lock it requires".formatted(this.name);
			throw (ex instanceof InvalidLockValueException invalid) ? new InvalidLockValueException(place, invalid)
					: new IllegalArgumentException(place + ": " + ex.getMessage(), ex);
		}
	}

	/** A lock that another client wrote has the fence 0, which must not match a grant. */
	private static Long fence(String text) {
		long value;
		try {
			value = Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			throw new InvalidLockValueException("'fence' must be a whole number");
		}
		if (value <= 0) {
			throw new InvalidLockValueException("'fence' must be positive, but is %d".formatted(value));
		}
		return value;
	}

	/**
	 * The adapter for the reactive type that the method returns.
	 * @return the adapter, or {@code null} if it returns none
	 */
	@Nullable ReactiveAdapter reactive() {
		return this.reactive;
	}

	/** The registry of these methods. */
	static final class Registry extends AnnotatedMethods<RequiresLock, RequiresLockMethod> {

		private final StringValueResolver propertyResolver;

		/**
		 * Creates a registry.
		 * @param propertyResolver resolves properties of the application
		 */
		Registry(StringValueResolver propertyResolver) {
			super(RequiresLock.class);
			this.propertyResolver = propertyResolver;
		}

		@Override
		RequiresLockMethod parse(Method method, Class<?> beanType, RequiresLock annotation) {
			return RequiresLockMethod.parse(method, ClassUtils.getUserClass(beanType), annotation,
					this.propertyResolver);
		}

	}

}
