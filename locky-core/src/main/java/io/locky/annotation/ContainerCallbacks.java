package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.List;

import org.springframework.beans.factory.Aware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.ClassUtils;

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
				|| ClassUtils.getAllInterfacesForClassAsSet(beanType)
					.stream()
					.filter(ContainerCallbacks::hasCallbacks)
					.anyMatch((type) -> ClassUtils.hasMethod(type, method.getName(), method.getParameterTypes()));
	}

	private static boolean hasCallbacks(Class<?> type) {
		return Aware.class.isAssignableFrom(type) || type == InitializingBean.class || type == DisposableBean.class;
	}

}
