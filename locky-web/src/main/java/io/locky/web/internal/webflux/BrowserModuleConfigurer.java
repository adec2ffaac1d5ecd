package io.locky.web.internal.webflux;

import io.locky.web.internal.endpoint.BrowserModule;

import org.springframework.http.CacheControl;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/**
 * Serves the browser module in Spring WebFlux. Browsers check it before each use, because
 * its address has no version.
 */
public final class BrowserModuleConfigurer implements WebFluxConfigurer {

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler(BrowserModule.pattern())
			.addResourceLocations(BrowserModule.location())
			.setCacheControl(CacheControl.noCache());
	}

}
