package io.locky.annotation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanFactory;

/**
 * Puts lock advice into its place, once all other advice is there: the last
 * post-processor of a bean factory. Advice of other post-processors may have been added
 * to the proxy since, or the proxy may have become the target of another one.
 * <p>
 * If there are several proxies, the advice goes into the innermost one that has advice
 * which must stay outside, or else into the outermost one. A proxy further inside keeps
 * the advice that it has, because a listener may call it: for a call that comes from
 * outside, the lock is then held already.
 */
final class AdvicePlacement implements BeanPostProcessor {

	private static final String BEAN_NAME = AdvicePlacement.class.getName();

	private final ConfigurableListableBeanFactory beanFactory;

	private final AdviceOrder order;

	/** Those of @Locked first: its advice goes outside that of @RequiresLock. */
	private final List<AdvisingPostProcessor> postProcessors = new CopyOnWriteArrayList<>();

	private AdvicePlacement(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
		this.order = new AdviceOrder(beanFactory);
	}

	/**
	 * The placement of a bean factory. There is one for all lock annotations.
	 * @param beanFactory the bean factory
	 * @return its placement
	 */
	static AdvicePlacement in(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getSingleton(BEAN_NAME) instanceof AdvicePlacement existing) {
			return existing;
		}
		AdvicePlacement created = new AdvicePlacement(beanFactory);
		beanFactory.registerSingleton(BEAN_NAME, created);
		beanFactory.addBeanPostProcessor(created);
		return created;
	}

	void add(AdvisingPostProcessor postProcessor) {
		this.postProcessors.add(postProcessor);
		this.postProcessors.sort(Comparator.comparing((each) -> each instanceof LockedBeanPostProcessor ? 0 : 1));
	}

	/**
	 * The methods that hold locks through annotations.
	 * @return the registry, empty if locks are not acquired by annotations
	 */
	LockedMethods lockedMethods() {
		return this.postProcessors.stream()
			.filter(LockedBeanPostProcessor.class::isInstance)
			.map((each) -> ((LockedBeanPostProcessor) each).methods())
			.findFirst()
			.orElseGet(() -> new LockedMethods((text) -> text));
	}

	/**
	 * Makes this the last post-processor again if others were registered since.
	 */
	void moveToTheEnd() {
		if (this.beanFactory instanceof AbstractBeanFactory factory) {
			List<BeanPostProcessor> all = factory.getBeanPostProcessors();
			if (all.isEmpty() || all.get(all.size() - 1) != this) {
				factory.addBeanPostProcessor(this);
			}
		}
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AopInfrastructureBean) {
			return bean;
		}
		Object advised = bean;
		for (AdvisingPostProcessor postProcessor : this.postProcessors) {
			// The bean may have been replaced since the early step.
			advised = postProcessor.postProcessAfterInitialization(advised, beanName);
		}
		ProxyChain chain = ProxyChain.of(advised);
		List<AdvisingPostProcessor> here = this.postProcessors.stream()
			.filter((each) -> chain.has(each.lockAdvisor()))
			.toList();
		if (!here.isEmpty()) {
			place(chain.proxies(), here, beanName);
		}
		return advised;
	}

	private void place(List<Advised> all, List<AdvisingPostProcessor> here, String beanName) {
		int at = Math.max(0, innermostThatStaysOutside(all));
		List<Advised> inside = all.subList(at, all.size());
		for (AdvisingPostProcessor each : here) {
			Advised place = inside.stream()
				.filter((proxy) -> proxy.indexOf(each.lockAdvisor()) >= 0 || each.methods().check(proxy).isPresent())
				.findFirst()
				.orElseThrow(() -> each.unchangeable(all.get(0), beanName));
			if (place.indexOf(each.lockAdvisor()) < 0) {
				each.addTo(place, beanName);
			}
			all.subList(0, at).forEach((outside) -> outside.removeAdvisor(each.lockAdvisor()));
		}
		Optional<Advisor> validation = inside.stream()
			.flatMap((proxy) -> Stream.of(proxy.getAdvisors()))
			.filter(this.order::validates)
			.findFirst();
		inside.forEach((proxy) -> arrange(proxy, here, validation, beanName));
	}

	private int innermostThatStaysOutside(List<Advised> proxies) {
		for (int i = proxies.size() - 1; i >= 0; i--) {
			if (Stream.of(proxies.get(i).getAdvisors()).anyMatch(this.order::staysOutside)) {
				return i;
			}
		}
		return -1;
	}

	private void arrange(Advised proxy, List<AdvisingPostProcessor> here, Optional<Advisor> validation,
			String beanName) {
		List<Advisor> current = List.of(proxy.getAdvisors());
		List<AdvisingPostProcessor> locking = here.stream()
			.filter((each) -> current.contains(each.lockAdvisor()))
			.toList();
		if (locking.isEmpty()) {
			return;
		}
		List<Advisor> block = new ArrayList<>();
		validation.ifPresent((found) -> block
			.add(new ArgumentValidation(found, locking.stream().map(AdvisingPostProcessor::methods).toList())));
		locking.forEach((each) -> block.add(each.lockAdvisor()));
		int index = this.order.indexOfLocks(current);
		current.subList(0, index).stream().filter(this.order::isRetry).forEach(block::add);
		List<Integer> previous = IntStream.range(0, current.size())
			.filter((i) -> block.contains(current.get(i)) || current.get(i) instanceof ArgumentValidation)
			.boxed()
			.toList();
		if (previous.equals(IntStream.range(index, index + block.size()).boxed().toList())
				&& current.subList(index, index + block.size()).equals(block)) {
			return;
		}
		if (proxy.isFrozen()) {
			throw locking.get(0).unchangeable(proxy, beanName);
		}
		move(proxy, block, index, previous);
	}

	/**
	 * Adds the advice at its new place before it is removed from the previous one: a
	 * listener may call the proxy meanwhile, and must not run unlocked.
	 */
	private static void move(Advised proxy, List<Advisor> block, int index, List<Integer> previous) {
		for (int i = 0; i < block.size(); i++) {
			proxy.addAdvisor(index + i, block.get(i));
		}
		for (int i = previous.size() - 1; i >= 0; i--) {
			int at = previous.get(i);
			proxy.removeAdvisor((at < index) ? at : at + block.size());
		}
	}

}
