package io.locky.web.internal.mvc;

import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves the browser module in Spring MVC.
 *
 * @since 0.1.0
 */
public final class BrowserModuleConfigurer implements WebMvcConfigurer {

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler("/locky/locky*.js").addResourceLocations("classpath:/io/locky/web/browser/");
	}

}
