package io.locky.annotation;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.FactoryBean;
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
	 * @param earlier the names of the beans that were there before it
	 */
	static void check(ConfigurableListableBeanFactory beanFactory, AdvisingPostProcessor postProcessor,
			Set<String> earlier) {
		for (String name : beanFactory.getSingletonNames()) {
			Object bean = beanFactory.getSingleton(name);
			check(name, bean, postProcessor);
			if (bean instanceof FactoryBean<?> factory && earlier.contains(name)) {
				check(name, product(beanFactory, name, factory), postProcessor);
			}
		}
	}

	private static void check(String name, @Nullable Object bean, AdvisingPostProcessor postProcessor) {
		if (bean == null || bean instanceof AopInfrastructureBean || isAdvised(bean, postProcessor)) {
			return;
		}
		postProcessor.methods().check(bean).ifPresent((annotated) -> {
			throw new InvalidLockedMethodException(postProcessor.methods().annotationType(), annotated,
					"its bean '%s' was created before lock advice could be added".formatted(name),
					"Do not let a post-processor, an advisor or a factory of them depend on the bean, or pass it "
							+ "as an ObjectProvider; do not register it as a singleton that Spring does not create.");
		});
	}

	/** What an early factory has made, most likely as early. */
	private static @Nullable Object product(ConfigurableListableBeanFactory beanFactory, String name,
			FactoryBean<?> factory) {
		try {
			return factory.isSingleton() ? beanFactory.getBean(name) : null;
		}
		catch (BeansException ex) {
			return null; // There is none that could be called without its lock.
		}
	}

	private static boolean isAdvised(Object bean, AdvisingPostProcessor postProcessor) {
		ProxyChain chain = ProxyChain.of(bean);
		return chain.has(postProcessor.lockAdvisor()) || !chain.isStatic();
	}

}
