package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;

import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Suspending functions of Kotlin. Spring calls them as a {@code Mono}, or as a
 * {@code Flux} if their result is a {@code Flow}: their advice returns one, and the proxy
 * lets the coroutine of the caller await it. Works without Kotlin on the class path.
 */
final class SuspendingFunction {

	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private static final String FLOW = "kotlinx.coroutines.flow.Flow";

	/** Like Spring, which looks for the first one, and then calls the other one. */
	private static final boolean CALLED_BY_SPRING = isPresent("kotlinx.coroutines.reactor.MonoKt")
			&& isPresent("kotlin.reflect.full.KCallables");

	private SuspendingFunction() {
	}

	private static boolean isPresent(String name) {
		return ClassUtils.isPresent(name, SuspendingFunction.class.getClassLoader());
	}

	/** Whether the last parameter of a method is what its caller passes unseen. */
	static boolean is(Method method) {
		Class<?>[] parameters = method.getParameterTypes();
		return parameters.length > 0 && parameters[parameters.length - 1].getName().equals(CONTINUATION);
	}

	/**
	 * Refuses a suspending function that Spring cannot call.
	 * @param annotation the annotation of the method
	 * @param method the method
	 */
	static void check(Class<? extends Annotation> annotation, Method method) {
		if (!is(method) || (CALLED_BY_SPRING && KotlinDetector.isKotlinType(method.getDeclaringClass()))) {
			return;
		}
		String other = "let it return a Mono or a CompletableFuture.";
		throw new InvalidLockedMethodException(annotation, method,
				"it is a suspending function, whose end cannot be observed",
				CALLED_BY_SPRING ? "Write it in Kotlin, or " + other
						: "Add kotlinx-coroutines-reactor and kotlin-reflect, with which Spring calls it, or " + other);
	}

	/**
	 * The type of the result, which the compiler moves to the last parameter.
	 * @param function a suspending function
	 * @param beanType the class of the bean
	 * @return the type
	 */
	static ResolvableType result(Method function, Class<?> beanType) {
		return ResolvableType.forMethodParameter(function, function.getParameterCount() - 1, beanType).getGeneric();
	}

	static boolean isFlow(Class<?> result) {
		return result.getName().equals(FLOW);
	}

	static boolean isUnit(Class<?> result) {
		return result.getName().equals("kotlin.Unit");
	}

	/** Whether there is something to return instead of a result. */
	static boolean canBeEmpty(Method function, Class<?> result) {
		return isFlow(result) || isUnit(result) || LockedMethod.hasEmptyResult(result)
				|| new MethodParameter(function, -1).isOptional();
	}

}
