package io.locky.test.autoconfigure;

import io.locky.core.LockyTemplate;
import io.locky.test.InMemoryLocks;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

/**
 * Explains why there is no {@code LockyTemplate} beside locks in memory.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InjectedTemplateFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final BeanFactory beans;

	InjectedTemplateFailureAnalyzer(BeanFactory beans) {
		this.beans = beans;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String place) {
		ResolvableType type = cause.getResolvableType();
		if (cause instanceof NoUniqueBeanDefinitionException || type == null || type.toClass() != LockyTemplate.class
				|| !hasLocksInMemory()) {
			return null;
		}
		return new FailureAnalysis(
				"%s needs a LockyTemplate, but the locks of this test are in memory (@AutoConfigureLocky)."
					.formatted((place != null) ? place : "The application"),
				"Inject io.locky.LockyOperations, which LockyTemplate implements. If the bean needs what only "
						+ "LockyTemplate has, test it with a Redis: @WithEmbeddedRedis in place of "
						+ "@AutoConfigureLocky.",
				cause);
	}

	private boolean hasLocksInMemory() {
		return this.beans instanceof ListableBeanFactory factory
				&& factory.getBeanNamesForType(InMemoryLocks.class, true, false).length > 0;
	}

}
