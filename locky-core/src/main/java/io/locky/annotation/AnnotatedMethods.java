package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.TargetClassAware;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.MethodClassKey;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * The registry of methods with a lock annotation. A class is searched when its bean is
 * created, so that a mistake fails the start-up.
 *
 * @param <A> the type of the annotation
 * @param <T> the type of a parsed method
 */
abstract class AnnotatedMethods<A extends Annotation, T> {

	private final Class<A> annotationType;

	private final Map<MethodClassKey, T> methods = new ConcurrentHashMap<>();

	/** Searching a class once is enough: prototypes are created often. */
	private final Map<List<Class<?>>, Optional<Method>> checked = new ConcurrentHashMap<>();

	/**
	 * Creates a registry.
	 * @param annotationType the type of the annotation
	 */
	AnnotatedMethods(Class<A> annotationType) {
		this.annotationType = annotationType;
	}

	final Class<A> annotationType() {
		return this.annotationType;
	}

	/**
	 * Parses and checks an annotation.
	 * @param method the method
	 * @param beanType the class of the bean
	 * @param annotation the annotation
	 * @return the parsed method
	 * @throws InvalidLockedMethodException if the annotation cannot work
	 */
	abstract T parse(Method method, Class<?> beanType, A annotation);

	/**
	 * Finds the annotation that applies to a method.
	 * @param method the method
	 * @param beanType the class of the bean
	 * @return the annotation, or {@code null} if there is none
	 */
	@Nullable A find(Method method, Class<?> beanType) {
		return AnnotatedElementUtils.findMergedAnnotation(method, this.annotationType);
	}

	/**
	 * Parses and checks the annotated methods of a bean.
	 * @param bean the bean, possibly a proxy already
	 * @return one of the methods, or empty if there is none
	 * @throws InvalidLockedMethodException if an annotation cannot work
	 */
	final Optional<Method> check(Object bean) {
		Class<?> type = AopUtils.getTargetClass(bean);
		Method found = check(type, type);
		if (AopUtils.isJdkDynamicProxy(bean)) {
			for (Class<?> proxied : AopProxyUtils.proxiedUserInterfaces(bean)) {
				Method declared = check(proxied, type);
				found = (found != null) ? found : declared;
				checkInherited(proxied, targetClass(bean));
			}
		}
		return Optional.ofNullable(found);
	}

	private static @Nullable Class<?> targetClass(Object bean) {
		return (bean instanceof TargetClassAware proxy) ? proxy.getTargetClass() : bean.getClass();
	}

	/**
	 * Checks the methods that an interface of a proxy inherits.
	 * @param proxied the interface
	 * @param targetClass the class of the target, or {@code null} if there is none
	 * @throws InvalidLockedMethodException if an annotation would have no effect
	 */
	void checkInherited(Class<?> proxied, @Nullable Class<?> targetClass) {
	}

	/**
	 * Checks a class without an annotated method.
	 * @param beanType the class of the bean
	 * @throws InvalidLockedMethodException if it has an annotation all the same
	 */
	void checkUnused(Class<?> beanType) {
	}

	private @Nullable Method check(Class<?> declaring, Class<?> beanType) {
		return this.checked.computeIfAbsent(List.of(declaring, beanType), (key) -> search(declaring, beanType))
			.orElse(null);
	}

	private Optional<Method> search(Class<?> declaring, Class<?> beanType) {
		if (!mayHaveAnnotated(declaring)) {
			return Optional.empty();
		}
		Set<Method> found = annotated(declaring, beanType);
		found.forEach((method) -> get(method, beanType));
		if (found.isEmpty() && declaring == beanType) {
			checkUnused(beanType);
		}
		return found.stream().findFirst();
	}

	/**
	 * Finds the annotated methods of a class, without checking them.
	 * @param declaring the class or interface
	 * @param beanType the class of the bean
	 * @return the methods
	 */
	final Set<Method> annotated(Class<?> declaring, Class<?> beanType) {
		return mayHaveAnnotated(declaring)
				? MethodIntrospector.selectMethods(declaring, (Method method) -> isAnnotated(method, beanType))
				: Set.of();
	}

	/**
	 * Not the classes of Spring: most beans are of them, and searching all methods of
	 * each takes time at start-up.
	 */
	private boolean mayHaveAnnotated(Class<?> type) {
		return !type.getName().startsWith("org.springframework.")
				&& AnnotationUtils.isCandidateClass(type, this.annotationType);
	}

	final boolean isAnnotated(Method method, Class<?> beanType) {
		return find(specific(method, beanType), beanType) != null;
	}

	/**
	 * A method of the beans that were checked.
	 * @return one of the methods, or empty if there is none
	 */
	final Optional<Method> anyChecked() {
		return this.checked.values().stream().flatMap(Optional::stream).findFirst();
	}

	/**
	 * The methods of the beans that were checked.
	 * @return all of them
	 */
	final Collection<T> parsed() {
		return this.methods.values();
	}

	/**
	 * The parsed annotation of a method.
	 * @param method the method
	 * @param beanType the class of the bean
	 * @return the parsed method
	 */
	final T get(Method method, Class<?> beanType) {
		Method specific = specific(method, beanType);
		return this.methods.computeIfAbsent(new MethodClassKey(specific, beanType), (key) -> {
			A annotation = find(specific, beanType);
			if (annotation == null) {
				throw new IllegalArgumentException(
						"No @%s on %s".formatted(this.annotationType.getSimpleName(), specific));
			}
			return parse(specific, beanType, annotation);
		});
	}

	/**
	 * The method that carries the annotation. Not that of the class for a proxy of
	 * another library, whose methods are all final, nor for a lambda, whose parameters
	 * have no names.
	 */
	private static Method specific(Method method, Class<?> beanType) {
		if (ClassUtils.isLambdaClass(beanType)) {
			return ClassUtils.getInterfaceMethodIfPossible(method, beanType);
		}
		return Proxy.isProxyClass(beanType) ? method : AopUtils.getMostSpecificMethod(method, beanType);
	}

	/** The place of the advice: the annotated methods, also those of an interface. */
	final Pointcut pointcut() {
		return new Pointcut(this);
	}

	/** Matches the annotated methods. */
	static final class Pointcut extends StaticMethodMatcherPointcut {

		private final AnnotatedMethods<?, ?> methods;

		Pointcut(AnnotatedMethods<?, ?> methods) {
			this.methods = methods;
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return this.methods.isAnnotated(method, targetClass);
		}

	}

}
