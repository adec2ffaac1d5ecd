package io.locky.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.locky.LockerResolver;
import io.locky.LockyOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.Advisor;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.core.Ordered;

/**
 * Adds lock advice to beans, in two steps. This post-processor runs early, right after
 * the creator of proxies for other advice: post-processors of listeners, which keep the
 * bean that they see, then see a proxy. The second step, {@link AdvicePlacement}, runs
 * last and puts the advice into its place.
 */
abstract class AdvisingPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
		implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(AdvisingPostProcessor.class);

	private final transient Supplier<LockyOperations> operations;

	private final transient Supplier<@Nullable LockerResolver> lockers;

	/** That of the superclass is private before Spring Framework 7. */
	private transient @Nullable ConfigurableListableBeanFactory factory;

	private transient @Nullable AdvicePlacement placement;

	private transient Set<String> earlierBeans = Set.of();

	/**
	 * Creates the post-processor, without its advice yet.
	 * @param operations supplies the lock operations
	 * @param lockers supplies the resolver of the current locker, or {@code null} if
	 * there is none
	 */
	AdvisingPostProcessor(Supplier<LockyOperations> operations, Supplier<@Nullable LockerResolver> lockers) {
		this.operations = operations;
		this.lockers = lockers;
		setProxyTargetClass(true);
		// The creator of proxies has the highest precedence.
		setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
	}

	/** The methods that the advice is for. */
	abstract AnnotatedMethods<?, ?> methods();

	final Advisor lockAdvisor() {
		return Objects.requireNonNull(this.advisor);
	}

	/** Resolves the application's properties in a text of an annotation. */
	final @Nullable String resolveProperties(String text) {
		return (this.factory != null) ? this.factory.resolveEmbeddedValue(text) : text;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		super.setBeanFactory(beanFactory);
		this.factory = (ConfigurableListableBeanFactory) beanFactory;
		this.placement = AdvicePlacement.in(this.factory);
		this.placement.add(this);
		this.earlierBeans = Set.of(this.factory.getSingletonNames());
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (this.placement != null) {
			this.placement.moveToTheEnd();
		}
		return bean;
	}

	/**
	 * Adds the advice, if it is not there yet. Nothing is added to infrastructure, such
	 * as the proxy of a scoped bean: the advice of its target applies.
	 */
	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AopInfrastructureBean || ProxyChain.of(bean).has(lockAdvisor())) {
			return bean;
		}
		Optional<Method> annotated = methods().check(bean);
		return annotated.isPresent() ? advise(bean, beanName, annotated.get()) : bean;
	}

	private Object advise(Object bean, String beanName, Method annotated) {
		refuseCallback(bean, beanName);
		EarlierListeners.refuse(this, Objects.requireNonNull(this.factory), AopUtils.getTargetClass(bean));
		if (bean instanceof Advised advised && !advised.isFrozen()) {
			addTo(advised, beanName);
			return bean;
		}
		if (bean instanceof SpringProxy && !mayBeWrapped(bean)) {
			throw unchangeable(bean, beanName);
		}
		ProxyConstraints.checkClass(methods().annotationType(), AopUtils.getTargetClass(bean), annotated);
		return super.postProcessAfterInitialization(bean, beanName);
	}

	private void refuseCallback(Object bean, String beanName) {
		ConfigurableListableBeanFactory beans = Objects.requireNonNull(this.factory);
		if (beans.containsBeanDefinition(beanName) && !isProduct(bean, beanName, beans)
				&& beans.getMergedBeanDefinition(beanName) instanceof AbstractBeanDefinition definition) {
			Class<? extends Annotation> annotation = methods().annotationType();
			ContainerCallbacks.annotated(annotation, definition, AopUtils.getTargetClass(bean)).ifPresent((method) -> {
				throw ProxyConstraints.calledByContainer(annotation, method);
			});
		}
	}

	/** Whether the definition is that of a factory which has made the bean. */
	private static boolean isProduct(Object bean, String beanName, ConfigurableListableBeanFactory factory) {
		return !(bean instanceof FactoryBean) && factory.isFactoryBean(beanName);
	}

	/** Whether it is known that no advice of a proxy must stay outside the lock. */
	private boolean mayBeWrapped(Object proxy) {
		return proxy instanceof Advised && ProxyChain.of(proxy).advisors().noneMatch(order()::staysOutside);
	}

	private AdviceOrder order() {
		return new AdviceOrder(Objects.requireNonNull(this.factory));
	}

	/** Adds the advice to a proxy, at its place among the advice that is there. */
	final void addTo(Advised proxy, String beanName) {
		if (proxy.isFrozen()) {
			throw unchangeable(proxy, beanName);
		}
		proxy.addAdvisor(order().indexOfLocks(List.of(proxy.getAdvisors())), lockAdvisor());
	}

	final InvalidLockedMethodException unchangeable(Object proxy, String beanName) {
		return new InvalidLockedMethodException(methods().annotationType(),
				methods().check(proxy).orElseThrow(IllegalStateException::new),
				"its bean '%s' is an opaque or frozen proxy, whose method security would run inside the lock"
					.formatted(beanName),
				"Let the proxy be neither opaque nor frozen.");
	}

	/**
	 * Always true, because only beans with an annotated method get here. The pointcut
	 * would miss an annotation on an interface of the proxy that its target lacks.
	 */
	@Override
	protected boolean isEligible(Object bean, String beanName) {
		return true;
	}

	/** Checks what shows only when all beans are there. */
	@Override
	public void afterSingletonsInstantiated() {
		ConfigurableListableBeanFactory beans = Objects.requireNonNull(this.factory);
		boolean resolver = hasResolver();
		AdviceCheck.check(beans, this, this.earlierBeans);
		methods().anyChecked().ifPresent(this::requireOperations);
		if (!resolver) {
			checkWithoutResolver(beans, AdvicePlacement.in(beans).lockedMethods());
		}
	}

	private boolean hasResolver() {
		try {
			return this.lockers.get() != null;
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new AmbiguousLockerException(ex);
		}
		catch (BeansException ex) {
			return true; // Its scope is not active yet.
		}
	}

	private void requireOperations(Method annotated) {
		try {
			this.operations.get();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw ex;
		}
		catch (NoSuchBeanDefinitionException ex) {
			InvalidLockedMethodException failure = new InvalidLockedMethodException(methods().annotationType(),
					annotated, "it needs a LockyTemplate, but there is none", "Define a bean of that type.");
			failure.initCause(ex);
			throw failure;
		}
		catch (RuntimeException ex) {
			logger.debug("The lock operations are not available yet", ex);
		}
	}

	/**
	 * Checks the methods of an application without a resolver.
	 * @param beans its beans
	 * @param locked its methods with {@code @Locked}
	 * @throws InvalidLockedMethodException if a method cannot work without one
	 */
	void checkWithoutResolver(ConfigurableListableBeanFactory beans, LockedMethods locked) {
	}

}
