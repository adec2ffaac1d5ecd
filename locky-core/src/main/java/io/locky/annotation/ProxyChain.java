package io.locky.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;

/**
 * The proxies that a call of a bean passes, from the outside to the inside. Often there
 * is one, but one proxy may be the target of another.
 *
 * @param proxies the proxies
 * @param isStatic whether all calls have the same target
 */
record ProxyChain(List<Advised> proxies, boolean isStatic) {

	static ProxyChain of(Object bean) {
		List<Advised> proxies = new ArrayList<>();
		Object current = bean;
		while (current instanceof Advised advised) {
			proxies.add(advised);
			current = target(advised);
		}
		return new ProxyChain(proxies, proxies.stream().allMatch((proxy) -> proxy.getTargetSource().isStatic()));
	}

	private static @Nullable Object target(Advised advised) {
		return advised.getTargetSource().isStatic() ? AopProxyUtils.getSingletonTarget(advised) : null;
	}

	boolean has(Advisor advisor) {
		return this.proxies.stream().anyMatch((proxy) -> proxy.indexOf(advisor) >= 0);
	}

	Stream<Advisor> advisors() {
		return this.proxies.stream().flatMap((proxy) -> Stream.of(proxy.getAdvisors()));
	}

}
