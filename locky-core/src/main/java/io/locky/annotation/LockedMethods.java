package io.locky.annotation;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringValueResolver;

/**
 * The registry of methods with {@link Locked @Locked}, on the method or on the class.
 */
final class LockedMethods extends AnnotatedMethods<Locked, LockedMethod> {

	private final StringValueResolver propertyResolver;

	/**
	 * Creates a registry.
	 * @param propertyResolver resolves properties of the application
	 */
	LockedMethods(StringValueResolver propertyResolver) {
		super(Locked.class);
		this.propertyResolver = propertyResolver;
	}

	@Override
	LockedMethod parse(Method method, Class<?> beanType, Locked locked) {
		return LockedMethodParser.parse(method, ClassUtils.getUserClass(beanType), locked, this.propertyResolver);
	}

	/**
	 * The annotation of the method, or else that of the bean's class, which applies to
	 * inherited methods too, or else that of the class or interface that declares it.
	 */
	@Override
	@Nullable Locked find(Method method, Class<?> beanType) {
		Locked own = super.find(method, beanType);
		if (own != null || !isCoveredByClass(method, beanType)) {
			return own;
		}
		Locked ofBean = AnnotatedElementUtils.findMergedAnnotation(ClassUtils.getUserClass(beanType), Locked.class);
		return (ofBean != null) ? ofBean
				: AnnotatedElementUtils.findMergedAnnotation(method.getDeclaringClass(), Locked.class);
	}

	/**
	 * Spring asks for advice by the target, or else by the interface that declares the
	 * method. Neither leads to the annotation of an interface that inherits the method.
	 */
	@Override
	void checkInherited(Class<?> proxied, @Nullable Class<?> targetClass) {
		for (Method method : proxied.getMethods()) {
			Class<?> type = (targetClass != null) ? targetClass : method.getDeclaringClass();
			if (find(method, proxied) != null && !isAnnotated(method, type)) {
				throw new InvalidLockedMethodException(method,
						"the annotation of %s does not reach this inherited method of a proxy"
							.formatted(proxied.getName()),
						"Declare the method in the interface again, or annotate the methods instead of the interface.");
			}
		}
	}

	@Override
	void checkUnused(Class<?> beanType) {
		Class<?> type = ClassUtils.getUserClass(beanType);
		if (AnnotatedElementUtils.hasAnnotation(type, Locked.class)) {
			throw new InvalidLockedMethodException(Locked.class, type.getName(),
					"it has no method that the annotation applies to",
					"Make its methods public, or annotate each of them. For what a factory makes, annotate that class.");
		}
	}

	/** Whether an annotation of the class applies to the method. */
	private static boolean isCoveredByClass(Method method, Class<?> beanType) {
		return Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
				&& !method.isSynthetic() && !ReflectionUtils.isObjectMethod(method) && !isOfSpringProxy(method)
				&& !ContainerCallbacks.isCallback(method, beanType)
				&& !ContainerCallbacks.isOfFactory(method, beanType);
	}

	/** Whether each proxy of Spring has the method, next to those of the bean. */
	private static boolean isOfSpringProxy(Method method) {
		String declaring = method.getDeclaringClass().getName();
		return declaring.startsWith("org.springframework.aop.")
				|| declaring.equals("org.springframework.core.DecoratingProxy");
	}

}
