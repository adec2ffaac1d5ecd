package io.locky.web.internal.mvc;

import io.locky.web.internal.endpoint.BrowserModule;

import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves the browser module in Spring MVC. Browsers check it before each use, because its
 * address has no version.
 */
public final class BrowserModuleConfigurer implements WebMvcConfigurer {

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler(BrowserModule.pattern())
			.addResourceLocations(BrowserModule.location())
			.setCacheControl(CacheControl.noCache());
	}

}
