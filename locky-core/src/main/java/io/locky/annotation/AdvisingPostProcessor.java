package io.locky.annotation;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * Adds lock advice to beans, also to those that are proxies already. The advice goes
 * inside advice that hands the call over to another thread, because the lock belongs to
 * the work, and inside method security, which decides whether the caller may call at all.
 * It goes outside everything else, so that a transaction is committed before the lock is
 * released, a value is cached once, and all retries run under the same lock.
 */
abstract class AdvisingPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final String AUTHORIZATION = "org.springframework.security.authorization.method.AuthorizationAdvisor";

	/**
	 * Creates the post-processor, without its advice yet.
	 * @param order its order among the post-processors
	 */
	AdvisingPostProcessor(int order) {
		setProxyTargetClass(true);
		setOrder(order);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Advisor own = this.advisor;
		if (own != null && bean instanceof Advised advised && !advised.isFrozen() && shouldAdvise(bean)) {
			advised.addAdvisor(indexIn(advised.getAdvisors()), own);
			return bean;
		}
		return super.postProcessAfterInitialization(bean, beanName);
	}

	/** Whether the advice applies to this bean, which is a proxy already. */
	boolean shouldAdvise(Object bean) {
		return isEligible(AopUtils.getTargetClass(bean));
	}

	private static int indexIn(Advisor[] advisors) {
		for (int i = advisors.length - 1; i >= 0; i--) {
			if (staysOutside(advisors[i])) {
				return i + 1;
			}
		}
		return 0;
	}

	private static boolean staysOutside(Advisor advisor) {
		return advisor.getAdvice() instanceof AsyncExecutionInterceptor
				|| ClassUtils.getAllInterfacesForClassAsSet(advisor.getClass())
					.stream()
					.anyMatch((type) -> type.getName().equals(AUTHORIZATION));
	}

	/** Resolves the application's properties in a text of an annotation. */
	final @Nullable String resolveProperties(String text) {
		return (this.beanFactory != null) ? this.beanFactory.resolveEmbeddedValue(text) : text;
	}

}
