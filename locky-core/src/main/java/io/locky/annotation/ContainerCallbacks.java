package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.springframework.beans.factory.Aware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Methods that Spring calls on the bean itself, before there is a proxy or after it is of
 * use. No advice can apply to these calls.
 */
final class ContainerCallbacks {

	private static final List<String> ANNOTATIONS = List.of("jakarta.annotation.PostConstruct",
			"jakarta.annotation.PreDestroy");

	private ContainerCallbacks() {
	}

	static boolean isCallback(Method method, Class<?> beanType) {
		MergedAnnotations annotations = MergedAnnotations.from(method);
		return ANNOTATIONS.stream().anyMatch(annotations::isPresent)
				|| isDeclaredBy(method, beanType, ContainerCallbacks::hasCallbacks);
	}

	/**
	 * Whether Spring calls the method of a factory, at any time and often, to find the
	 * bean that it makes.
	 */
	static boolean isOfFactory(Method method, Class<?> beanType) {
		return isDeclaredBy(method, beanType, FactoryBean.class::isAssignableFrom);
	}

	private static boolean isDeclaredBy(Method method, Class<?> beanType, Predicate<Class<?>> interfaces) {
		return ClassUtils.getAllInterfacesForClassAsSet(beanType)
			.stream()
			.filter(interfaces)
			.anyMatch((type) -> ClassUtils.hasMethod(type, method.getName(), method.getParameterTypes()));
	}

	/**
	 * Finds a method with an annotation among those that the definition of a bean lets
	 * Spring call after its creation and before its end, by name or because of its usual
	 * name.
	 * @param annotation the annotation
	 * @param definition the definition of the bean
	 * @param beanType the class of the bean
	 * @return the method, or empty if there is none
	 */
	static Optional<Method> annotated(Class<? extends Annotation> annotation, AbstractBeanDefinition definition,
			Class<?> beanType) {
		return Stream.concat(initMethods(definition), destroyMethods(definition, beanType))
			.map((name) -> ReflectionUtils.findMethod(beanType, name))
			.filter((method) -> method != null && AnnotatedElementUtils.hasAnnotation(method, annotation))
			.findFirst();
	}

	private static Stream<String> initMethods(AbstractBeanDefinition definition) {
		String[] names = definition.getInitMethodNames();
		return (names != null) ? Stream.of(names) : Stream.empty();
	}

	private static Stream<String> destroyMethods(AbstractBeanDefinition definition, Class<?> beanType) {
		String[] names = definition.getDestroyMethodNames();
		boolean inferred = (names != null) ? List.of(names).contains(AbstractBeanDefinition.INFER_METHOD)
				: AutoCloseable.class.isAssignableFrom(beanType);
		if (definition.isPrototype()) {
			return Stream.empty();
		}
		if (inferred) {
			return Stream.of(ClassUtils.hasMethod(beanType, "close") ? "close" : "shutdown");
		}
		return (names != null) ? Stream.of(names) : Stream.empty();
	}

	private static boolean hasCallbacks(Class<?> type) {
		return Aware.class.isAssignableFrom(type) || type == InitializingBean.class || type == DisposableBean.class;
	}

}
