package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Adds hints for a native image to beans with a lock annotation: their annotated methods
 * and the fallback methods, which are called by reflection, and the types of their
 * parameters, whose properties and methods the texts of the annotations may use.
 */
class AnnotatedBeanAotProcessor implements BeanRegistrationAotProcessor {

	private final LockedMethods locked = new LockedMethods((text) -> text);

	private final RequiresLockMethod.Registry requiring = new RequiresLockMethod.Registry((text) -> text);

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> type = ClassUtils.getUserClass(bean.getBeanClass());
		Set<Method> methods = methods(type);
		return methods.isEmpty() ? null : (context, code) -> methods
			.forEach((method) -> register(context.getRuntimeHints().reflection(), method));
	}

	private Set<Method> methods(Class<?> type) {
		Set<Method> methods = new LinkedHashSet<>(this.locked.annotated(type, type));
		methods.addAll(this.requiring.annotated(type, type));
		Set<String> fallbacks = new LinkedHashSet<>();
		methods.forEach((method) -> {
			Locked annotation = this.locked.find(method, type);
			if (annotation != null) {
				fallbacks.add(annotation.fallback());
			}
		});
		Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type))
			.filter((method) -> fallbacks.contains(method.getName()))
			.forEach(methods::add);
		return methods;
	}

	private static void register(ReflectionHints hints, Method method) {
		hints.registerMethod(method, ExecutableMode.INVOKE);
		for (Class<?> parameter : method.getParameterTypes()) {
			if (!parameter.isPrimitive()) {
				hints.registerType(parameter, MemberCategory.INVOKE_PUBLIC_METHODS);
			}
		}
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints, method.getGenericParameterTypes());
	}

}
