package io.locky.annotation;

import java.lang.reflect.Method;
import java.util.Optional;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds beans with a lock annotation that no post-processor has seen: those that were
 * created before it, because a post-processor or an advisor needs them.
 */
final class AdviceCheck {

	private AdviceCheck() {
	}

	/**
	 * Refuses such beans.
	 * @param beanFactory the bean factory
	 * @param postProcessor the post-processor that should have seen them
	 */
	static void check(ConfigurableListableBeanFactory beanFactory, AdvisingPostProcessor postProcessor) {
		for (String name : beanFactory.getSingletonNames()) {
			Object bean = beanFactory.getSingleton(name);
			if (bean == null || bean instanceof AopInfrastructureBean || isAdvised(bean, postProcessor)) {
				continue;
			}
			Optional<Method> annotated = postProcessor.methods().check(bean);
			if (annotated.isPresent()) {
				throw new InvalidLockedMethodException(postProcessor.methods().annotationType(), annotated.get(),
						"its bean '%s' was created before lock advice could be added".formatted(name),
						"Do not let a post-processor, an advisor or a factory of them depend on the bean, or pass it "
								+ "as an ObjectProvider; do not register it as a singleton that Spring does not create.");
			}
		}
	}

	private static boolean isAdvised(Object bean, AdvisingPostProcessor postProcessor) {
		ProxyChain chain = ProxyChain.of(bean);
		return chain.has(postProcessor.lockAdvisor()) || !chain.isStatic();
	}

}
