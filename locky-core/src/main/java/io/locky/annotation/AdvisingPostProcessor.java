package io.locky.annotation;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;

/**
 * Puts advice around beans at the place that {@link AdviceOrder} finds, whoever made
 * their proxies.
 */
abstract class AdvisingPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	/**
	 * Creates the post-processor, without its advice yet.
	 * @param order when it comes among those of others
	 */
	AdvisingPostProcessor(int order) {
		setProxyTargetClass(true);
		setOrder(order);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Advisor own = this.advisor;
		if (own != null && bean instanceof Advised advised && !advised.isFrozen() && isMeant(bean)) {
			advised.addAdvisor(AdviceOrder.placeIn(advised), own);
			return bean;
		}
		return super.postProcessAfterInitialization(bean, beanName);
	}

	/** Whether the advice is for this bean, which has a proxy already. */
	boolean isMeant(Object bean) {
		return isEligible(AopUtils.getTargetClass(bean));
	}

	/** A text of an annotation with its properties resolved. */
	final @Nullable String withProperties(String text) {
		return (this.beanFactory != null) ? this.beanFactory.resolveEmbeddedValue(text) : text;
	}

}
