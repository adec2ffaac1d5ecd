package io.locky.annotation;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.aop.Advisor;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.support.AbstractBeanFactoryPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * The place of lock advice among the advice of other libraries. Advice is recognized by
 * the types of the advisor and of the advice, because the advisors that Spring Security
 * registers only wrap its own. Libraries that may be missing are named by text.
 *
 * @param beanFactory has the advice that advisors name
 */
record AdviceOrder(BeanFactory beanFactory) {

	private static final String SECURITY = "org.springframework.security.";

	private static final String RETRY = "org.springframework.resilience.retry.AbstractRetryInterceptor";

	private static final String VALIDATION = "org.springframework.validation.beanvalidation.MethodValidationInterceptor";

	/**
	 * The index that lock advice belongs to: after the last advice that must stay
	 * outside.
	 * @param advisors the advice of a proxy
	 * @return the index
	 */
	int indexOfLocks(List<Advisor> advisors) {
		int index = advisors.size();
		while (index > 0 && !staysOutside(advisors.get(index - 1))) {
			index--;
		}
		return index;
	}

	/**
	 * Whether advice must stay outside the lock: what hands the call over to another
	 * thread, because the lock belongs to the work, and method security, which decides
	 * whether the caller may call at all.
	 */
	boolean staysOutside(Advisor advisor) {
		return types(advisor)
			.anyMatch((type) -> type == AsyncExecutionInterceptor.class || type.getName().startsWith(SECURITY));
	}

	/** Whether the advice validates arguments and results. */
	boolean validates(Advisor advisor) {
		return types(advisor).anyMatch((type) -> type.getName().equals(VALIDATION));
	}

	/**
	 * All attempts run under one lock, but the advice that repeats them is always put
	 * outside of what is there.
	 */
	boolean isRetry(Advisor advisor) {
		return types(advisor).anyMatch((type) -> type.getName().equals(RETRY));
	}

	private Stream<Class<?>> types(Advisor advisor) {
		return Stream.of(advisor.getClass(), adviceType(advisor)).flatMap(AdviceOrder::hierarchy);
	}

	/** Does not create advice that is created at its first call. */
	private Class<?> adviceType(Advisor advisor) {
		Class<?> named = null;
		if (advisor instanceof AbstractBeanFactoryPointcutAdvisor lazy) {
			String name = lazy.getAdviceBeanName();
			named = (name != null && this.beanFactory.containsBean(name)) ? this.beanFactory.getType(name, false)
					: null;
		}
		return (named != null) ? named : advisor.getAdvice().getClass();
	}

	private static Stream<Class<?>> hierarchy(Class<?> type) {
		Stream<Class<?>> classes = Stream.iterate(type, (current) -> current != null, Class::getSuperclass);
		return Stream.concat(classes, ClassUtils.getAllInterfacesForClassAsSet(type).stream());
	}

}
