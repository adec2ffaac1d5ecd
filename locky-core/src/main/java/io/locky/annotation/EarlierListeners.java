package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds listeners whose post-processor runs before there can be a proxy: it would call
 * the bean without the lock. Such a post-processor is recognized by its package, which is
 * that of its annotation.
 */
final class EarlierListeners {

	private EarlierListeners() {
	}

	/**
	 * Refuses a bean with a locked method that is such a listener.
	 * @param own the post-processor that makes the proxy
	 * @param beanFactory the bean factory
	 * @param type the class of the bean
	 */
	static void refuse(AdvisingPostProcessor own, ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		List<BeanPostProcessor> earlier = earlier(own, beanFactory);
		if (earlier.isEmpty()) {
			return;
		}
		for (Method method : ReflectionUtils.getUniqueDeclaredMethods(ClassUtils.getUserClass(type))) {
			if (own.methods().isAnnotated(method, type)) {
				Set<String> packages = packagesOfAnnotations(method);
				earlier.stream()
					.filter((each) -> packages.contains(each.getClass().getPackageName()))
					.findFirst()
					.ifPresent((each) -> refuse(own, method, each));
			}
		}
	}

	private static List<BeanPostProcessor> earlier(AdvisingPostProcessor own,
			ConfigurableListableBeanFactory beanFactory) {
		if (!(beanFactory instanceof AbstractBeanFactory factory)) {
			return List.of();
		}
		List<BeanPostProcessor> all = factory.getBeanPostProcessors();
		return all.stream()
			.limit(Math.max(0, all.indexOf(own)))
			.filter((each) -> each instanceof Ordered && !(each instanceof AdvisingPostProcessor))
			.toList();
	}

	private static Set<String> packagesOfAnnotations(Method method) {
		return MergedAnnotations.from(method)
			.stream()
			.map((annotation) -> annotation.getType().getPackageName())
			.collect(Collectors.toSet());
	}

	private static void refuse(AdvisingPostProcessor own, Method method, BeanPostProcessor earlier) {
		throw new InvalidLockedMethodException(own.methods().annotationType(), method,
				"%s comes first and keeps the bean without its lock".formatted(earlier.getClass().getName()),
				"Give that post-processor a lower precedence than Ordered.HIGHEST_PRECEDENCE + 1.");
	}

}
