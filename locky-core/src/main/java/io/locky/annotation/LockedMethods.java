package io.locky.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringValueResolver;

/**
 * The registry of methods with {@link Locked @Locked}. A class is searched when its bean
 * is created, so that a mistake fails the start-up.
 */
final class LockedMethods {

	private final Map<MethodClassKey, LockedMethod> methods = new ConcurrentHashMap<>();

	/** Searching a class once is enough: prototypes are created often. */
	private final Map<List<Class<?>>, Optional<Method>> checked = new ConcurrentHashMap<>();

	private final StringValueResolver propertyResolver;

	/**
	 * Creates a registry.
	 * @param propertyResolver resolves properties of the application
	 */
	LockedMethods(StringValueResolver propertyResolver) {
		this.propertyResolver = propertyResolver;
	}

	/**
	 * Parses and checks the locked methods of a bean.
	 * @param bean the bean, possibly a proxy already
	 * @return one of the methods, or empty if there is none
	 * @throws InvalidLockedMethodException if an annotation cannot work
	 */
	Optional<Method> check(Object bean) {
		Class<?> type = AopUtils.getTargetClass(bean);
		Method found = check(type, type);
		if (AopUtils.isJdkDynamicProxy(bean)) {
			for (Class<?> proxied : AopProxyUtils.proxiedUserInterfaces(bean)) {
				Method declared = check(proxied, type);
				found = (found != null) ? found : declared;
			}
		}
		return Optional.ofNullable(found);
	}

	private @Nullable Method check(Class<?> declaring, Class<?> beanType) {
		return this.checked.computeIfAbsent(List.of(declaring, beanType), (key) -> search(declaring, beanType))
			.orElse(null);
	}

	private Optional<Method> search(Class<?> declaring, Class<?> beanType) {
		if (!AnnotationUtils.isCandidateClass(declaring, Locked.class)) {
			return Optional.empty();
		}
		Set<Method> locked = MethodIntrospector.selectMethods(declaring, (Method method) -> isLocked(method, beanType));
		locked.forEach((method) -> get(method, beanType));
		return locked.stream().findFirst();
	}

	boolean isLocked(Method method, Class<?> beanType) {
		return annotation(specific(method, beanType)) != null;
	}

	LockedMethod get(Method method, Class<?> beanType) {
		Method specific = specific(method, beanType);
		return this.methods.computeIfAbsent(new MethodClassKey(specific, beanType), (key) -> {
			Locked locked = annotation(specific);
			if (locked == null) {
				throw new IllegalArgumentException("No @Locked on " + specific);
			}
			return LockedMethodParser.parse(specific, beanType, locked, this.propertyResolver);
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

	private static @Nullable Locked annotation(Method method) {
		Locked own = AnnotatedElementUtils.findMergedAnnotation(method, Locked.class);
		if (own != null || !isCoveredByClass(method)) {
			return own;
		}
		return AnnotatedElementUtils.findMergedAnnotation(method.getDeclaringClass(), Locked.class);
	}

	/** Whether an annotation of the class applies to the method. */
	private static boolean isCoveredByClass(Method method) {
		return Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
				&& !method.isSynthetic() && !ReflectionUtils.isObjectMethod(method);
	}

}
