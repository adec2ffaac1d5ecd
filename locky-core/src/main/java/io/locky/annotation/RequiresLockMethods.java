package io.locky.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.StringValueResolver;

/**
 * All methods that need a lock. Classes are looked through when their beans are created,
 * so that a mistake ends the start-up.
 */
final class RequiresLockMethods {

	private final Map<Method, RequiresLockMethod> methods = new ConcurrentHashMap<>();

	private final StringValueResolver properties;

	/**
	 * Creates a registry.
	 * @param properties who puts the properties of the application in
	 */
	RequiresLockMethods(StringValueResolver properties) {
		this.properties = properties;
	}

	void check(Class<?> beanType) {
		if (AnnotationUtils.isCandidateClass(beanType, RequiresLock.class)) {
			MethodIntrospector
				.selectMethods(beanType,
						(Method method) -> AnnotatedElementUtils.hasAnnotation(method, RequiresLock.class))
				.forEach(this::get);
		}
	}

	RequiresLockMethod get(Method method, Class<?> beanType) {
		// The methods of a proxy that another library made are all final.
		return get(Proxy.isProxyClass(beanType) ? method : AopUtils.getMostSpecificMethod(method, beanType));
	}

	private RequiresLockMethod get(Method method) {
		return this.methods.computeIfAbsent(method, (key) -> RequiresLockMethod.of(key, this.properties));
	}

}
