package io.locky.annotation;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.util.ClassUtils;

/**
 * Where the advice stands among that of others: inside of what hands the call over to
 * another thread, because the lock belongs to the work, and of what decides whether the
 * caller may call at all; outside of everything else, so that a transaction is committed
 * before the lock is given back, a value is cached once, and a retry is under the same
 * lock.
 */
final class AdviceOrder {

	private static final String AUTHORIZATION = "org.springframework.security.authorization.method.AuthorizationAdvisor";

	private AdviceOrder() {
	}

	/**
	 * The place of the lock advice.
	 * @param advised a proxy that has advice already
	 * @return the index at which to add it
	 */
	static int placeIn(Advised advised) {
		Advisor[] advisors = advised.getAdvisors();
		for (int i = advisors.length - 1; i >= 0; i--) {
			if (isOutside(advisors[i])) {
				return i + 1;
			}
		}
		return 0;
	}

	private static boolean isOutside(Advisor advisor) {
		return advisor.getAdvice() instanceof AsyncExecutionInterceptor
				|| ClassUtils.getAllInterfacesForClassAsSet(advisor.getClass())
					.stream()
					.anyMatch((type) -> type.getName().equals(AUTHORIZATION));
	}

}
