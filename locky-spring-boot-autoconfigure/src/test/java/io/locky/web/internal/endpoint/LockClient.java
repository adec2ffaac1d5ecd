package io.locky.web.internal.endpoint;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.locky.testing.WebInstance;

/**
 * Sends the requests of a user's page, with headers of its own.
 */
final class LockClient {

	private static final Pattern FENCE = Pattern.compile("\"fence\":(\\d+)");

	private final HttpClient http = HttpClient.newHttpClient();

	private final WebInstance web;

	private final String[] headers;

	LockClient(WebInstance web, String... headers) {
		this.web = web;
		this.headers = headers;
	}

	static LockClient of(WebInstance web, String user) {
		return new LockClient(web, "X-User", user);
	}

	HttpResponse<String> post(String path, String json) {
		return send("POST", path, BodyPublishers.ofString(json), "Content-Type", "application/json");
	}

	HttpResponse<String> postForm(String path, String form) {
		return send("POST", path, BodyPublishers.ofString(form), "Content-Type", "application/x-www-form-urlencoded");
	}

	HttpResponse<String> get(String path) {
		return send("GET", path, BodyPublishers.noBody());
	}

	HttpResponse<String> send(String method, String path, BodyPublisher body, String... more) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
			.timeout(Duration.ofSeconds(30))
			.method(method, body);
		try {
			return this.http.send(with(with(request, this.headers), more).build(), BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
		return (headers.length > 0) ? request.headers(headers) : request;
	}

	EventReader events(String resource) {
		return EventReader
			.open(with(HttpRequest.newBuilder(uri("/locky/events?resource=" + resource)), this.headers).build());
	}

	URI uri(String path) {
		return URI.create("http://localhost:" + this.web.port() + path);
	}

	HttpResponse<String> acquire(String resource) {
		return post("/locky/locks/acquire", "{\"resource\":\"%s\"}".formatted(resource));
	}

	HttpResponse<String> acquire(String resource, String page) {
		return post("/locky/locks/acquire", "{\"resource\":\"%s\",\"page\":\"%s\"}".formatted(resource, page));
	}

	HttpResponse<String> takeOver(String resource, long fence, String page) {
		return post("/locky/locks/takeover",
				"{\"resource\":\"%s\",\"fence\":%d,\"page\":\"%s\"}".formatted(resource, fence, page));
	}

	HttpResponse<String> heartbeat(String resource, long fence) {
		return post("/locky/locks/heartbeat", grant(resource, fence));
	}

	HttpResponse<String> release(String resource, long fence) {
		return post("/locky/locks/release", grant(resource, fence));
	}

	HttpResponse<String> takeOver(String resource, long fence) {
		return post("/locky/locks/takeover", grant(resource, fence));
	}

	private static String grant(String resource, long fence) {
		return "{\"resource\":\"%s\",\"fence\":%d}".formatted(resource, fence);
	}

	static long fence(HttpResponse<String> answer) {
		Matcher matcher = FENCE.matcher(answer.body());
		if (!matcher.find()) {
			throw new AssertionError("No fence in %d %s".formatted(answer.statusCode(), answer.body()));
		}
		return Long.parseLong(matcher.group(1));
	}

}
