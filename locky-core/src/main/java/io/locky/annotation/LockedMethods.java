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
 * All methods that lock. Classes are looked through when their beans are created, so that
 * a mistake ends the start-up.
 */
final class LockedMethods {

	private final Map<MethodClassKey, LockedMethod> methods = new ConcurrentHashMap<>();

	/** Prototypes are made often. */
	private final Map<List<Class<?>>, Optional<Method>> checked = new ConcurrentHashMap<>();

	private final StringValueResolver properties;

	/**
	 * Creates a registry.
	 * @param properties who puts the properties of the application in
	 */
	LockedMethods(StringValueResolver properties) {
		this.properties = properties;
	}

	/**
	 * Reads and checks the methods of a bean that lock.
	 * @param bean the bean, perhaps a proxy already
	 * @return one of them, or empty if there is none
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
		return this.checked.computeIfAbsent(List.of(declaring, beanType), (key) -> read(declaring, beanType))
			.orElse(null);
	}

	private Optional<Method> read(Class<?> declaring, Class<?> beanType) {
		if (!AnnotationUtils.isCandidateClass(declaring, Locked.class)) {
			return Optional.empty();
		}
		Set<Method> locking = MethodIntrospector.selectMethods(declaring,
				(Method method) -> isLocked(method, beanType));
		locking.forEach((method) -> get(method, beanType));
		return locking.stream().findFirst();
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
			return LockedMethodParser.read(specific, beanType, locked, this.properties);
		});
	}

	/**
	 * The methods of a proxy that another library made are all final, and those of a
	 * lambda have no names of parameters.
	 */
	private static Method specific(Method method, Class<?> beanType) {
		if (ClassUtils.isLambdaClass(beanType)) {
			return ClassUtils.getInterfaceMethodIfPossible(method, beanType);
		}
		return Proxy.isProxyClass(beanType) ? method : AopUtils.getMostSpecificMethod(method, beanType);
	}

	private static @Nullable Locked annotation(Method method) {
		Locked own = AnnotatedElementUtils.findMergedAnnotation(method, Locked.class);
		if (own != null || !standsForMethod(method)) {
			return own;
		}
		return AnnotatedElementUtils.findMergedAnnotation(method.getDeclaringClass(), Locked.class);
	}

	/** Whether an annotation of the class is one of the method, too. */
	private static boolean standsForMethod(Method method) {
		return Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
				&& !method.isSynthetic() && !ReflectionUtils.isObjectMethod(method);
	}

}
