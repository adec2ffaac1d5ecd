package io.locky.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * All methods that lock. Classes are looked through when their beans are created, so that
 * a mistake ends the start-up.
 */
final class LockedMethods {

	private final Map<Method, LockedMethod> methods = new ConcurrentHashMap<>();

	void check(Class<?> beanType) {
		if (AnnotationUtils.isCandidateClass(beanType, Locked.class)) {
			MethodIntrospector
				.selectMethods(beanType, (Method method) -> AnnotatedElementUtils.hasAnnotation(method, Locked.class))
				.forEach(this::get);
		}
	}

	LockedMethod get(Method method, Class<?> beanType) {
		// The methods of a proxy that another library made are all final.
		return get(Proxy.isProxyClass(beanType) ? method : AopUtils.getMostSpecificMethod(method, beanType));
	}

	private LockedMethod get(Method method) {
		return this.methods.computeIfAbsent(method, LockedMethod::of);
	}

}
