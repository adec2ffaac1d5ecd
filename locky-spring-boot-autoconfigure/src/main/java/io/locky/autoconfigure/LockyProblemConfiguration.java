package io.locky.autoconfigure;

import io.locky.web.LockHolderView;
import io.locky.web.LockProblems;
import io.locky.web.internal.LockProblemAdvice;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Problem details for exceptions, the same for Spring MVC and WebFlux.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LockyWebProperties.class)
class LockyProblemConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LockProblems lockProblems(ObjectProvider<LockHolderView> view) {
		return new LockProblems(view.getIfAvailable(LockHolderView::everything));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "locky.web.problems.enabled", matchIfMissing = true)
	LockProblemAdvice lockProblemAdvice(LockProblems problems) {
		return new LockProblemAdvice(problems);
	}

}
