package io.locky.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;

import io.locky.core.LockyTemplate;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * One instance of a web application on a free port, with locks under a prefix of its own,
 * and a client for it.
 */
public final class WebInstance implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	private WebInstance(WebApplicationType type, Class<?>[] sources, String... properties) {
		this.context = new SpringApplicationBuilder(sources).web(type)
			.properties("server.port=0", "spring.main.banner-mode=off", "spring.main.log-startup-info=false",
					"spring.data.redis.url=" + TestRedis.url(), "spring.data.redis.lettuce.shutdown-timeout=0",
					"locky.prefix=test-" + UUID.randomUUID() + ":")
			.properties(properties)
			.run();
	}

	public static WebInstance start(WebApplicationType type, Class<?>[] sources, String... properties) {
		return new WebInstance(type, sources, properties);
	}

	public LockyTemplate locks() {
		return this.context.getBean(LockyTemplate.class);
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	/**
	 * Sends a request without a body.
	 * @param method the method
	 * @param path the path
	 * @param headers names and values in turn
	 * @return the answer
	 */
	public HttpResponse<String> send(String method, String path, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
			.method(method, BodyPublishers.noBody());
		try {
			return this.client.send(((headers.length > 0) ? request.headers(headers) : request).build(),
					BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		StringRedisTemplate redis = this.context.getBean(StringRedisTemplate.class);
		redis.delete(redis.keys(this.context.getEnvironment().getProperty("locky.prefix") + "*"));
		this.context.close();
	}

}
