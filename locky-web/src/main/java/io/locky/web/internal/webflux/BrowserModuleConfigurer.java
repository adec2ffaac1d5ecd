package io.locky.web.internal.webflux;

import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * Serves the browser module in Spring WebFlux.
 *
 * @since 0.1.0
 */
public final class BrowserModuleConfigurer implements WebFluxConfigurer {

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler("/locky/locky*.js").addResourceLocations("classpath:/io/locky/web/browser/");
	}

}
