package io.locky.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of locks over HTTP.
 *
 * @param problems How exceptions of Locky are answered.
 * @since 0.1.0
 */
@ConfigurationProperties("locky.web")
public record LockyWebProperties(@DefaultValue Problems problems) {

	/**
	 * How exceptions of Locky are answered.
	 *
	 * @param enabled Whether exceptions of Locky that a controller throws become problem
	 * details.
	 */
	public record Problems(@DefaultValue("true") boolean enabled) {

	}

}
