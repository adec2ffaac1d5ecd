package io.locky.application;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A web application with Spring Security, in both stacks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WebContract {

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext application;

	WebContract(WebApplicationType type, Class<?> source, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("locky.web.enabled=true", "locky.web.resources=article:", "spring.security.user.name=ann",
						"spring.security.user.password=secret", "spring.security.user.roles=WRITER"));
		all.addAll(List.of(properties));
		this.application = Applications.start(type, source, all.toArray(String[]::new));
	}

	@AfterAll
	void close() {
		this.application.close();
	}

	final LockyTemplate locks() {
		return this.application.getBean(LockyTemplate.class);
	}

	final <T> T bean(Class<T> type) {
		return this.application.getBean(type);
	}

	final HttpResponse<String> send(String path, String json) throws IOException, InterruptedException {
		return send(json.isEmpty() ? "GET" : "POST", path, json);
	}

	final HttpResponse<String> send(String method, String path, String json) throws IOException, InterruptedException {
		String credentials = Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Applications.url(this.application, path)))
			.header("Authorization", "Basic " + credentials);
		request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(json));
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	@Test
	void pageHoldsALock() throws Exception {
		HttpResponse<String> grant = send("/locky/locks/acquire", "{\"resource\":\"article:1\"}");
		assertThat(grant.statusCode()).as(grant.body()).isEqualTo(200);
		assertThat(locks().getLocker("article:1")).isEqualTo("ann");
		String fence = grant.body().replaceAll(".*\"fence\":(\\d+).*", "$1");
		String body = "{\"resource\":\"article:1\",\"fence\":" + fence + "}";
		assertThat(send("/locky/locks/heartbeat", body).statusCode()).isEqualTo(200);
		assertThat(send("/locky/locks?resource=article:1", "").body()).contains("\"own\":true");
		assertThat(send("/locky/locks/release", body).statusCode()).isEqualTo(204);
		assertThat(locks().find("article:1")).isEmpty();
	}

	@Test
	void browserModuleIsServed() throws Exception {
		HttpResponse<String> module = send("/locky/locky.js", "");
		assertThat(module.statusCode()).isEqualTo(200);
		assertThat(module.headers().firstValue("Content-Type").orElse("")).contains("javascript");
	}

	@Test
	void lockOfSomebodyElseIsAProblemDetail() throws Exception {
		locks().lock("article:2", "bob");
		HttpResponse<String> response = send("/edit?id=2", "");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(423);
		assertThat(response.body()).contains("urn:problem-type:locky:locked");
		assertThat(send("/edit?id=3", "").body()).isEqualTo("edited 3");
	}

	@Test
	void savingNeedsTheLockOfTheUser() throws Exception {
		assertThat(send("/save?id=4", "").statusCode()).isEqualTo(428);
		locks().lock("article:4", "ann");
		assertThat(send("/save?id=4", "").body()).isEqualTo("saved 4");
	}

	@Test
	void authorizationDecidesFirst() throws Exception {
		locks().lock("article:5", "bob");
		assertThat(send("/publish?id=5", "").statusCode()).isEqualTo(403);
		assertThat(send("/publish?id=6", "").statusCode()).isEqualTo(403);
		assertThat(locks().find("article:6")).isEmpty();
	}

}
