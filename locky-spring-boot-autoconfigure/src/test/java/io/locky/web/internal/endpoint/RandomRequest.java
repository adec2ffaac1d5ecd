package io.locky.web.internal.endpoint;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Makes requests that are right in most parts and wrong in some, the same for the same
 * seed.
 */
final class RandomRequest {

	static final List<String> ENDPOINTS = List.of("locks/acquire", "locks/heartbeat", "locks/release", "locks/takeover",
			"locks/query", "locks", "events");

	private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS",
			"FOO", "PROPFIND", "post");

	private static final List<String> TYPES = List.of("*/*", "/", "", "application/json", "application/problem+json",
			"application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data;boundary=x",
			"text/event-stream", "text/html", "application/json;charset=utf-16", "application/json;q=0",
			"application/json;charset=\"", "a/b;c", "application/xml, */*;q=0.1", ",", "*", "text/plain;;",
			"application/*");

	private static final List<String> VALUES = List.of("\"article:1\"", "\"article:2\"", "\"\"", "\" \"", "null", "17",
			"-1", "1e400", "9223372036854775808", "0.5", "true", "{}", "[]", "[[[[[]]]]]", "{\"a\":{\"b\":[1]}}",
			"\"\\ud800\"", "\"\\u0000\"", "\"" + "x".repeat(600) + "\"", "\"page-1\"", "\"a\\\\nb\"", "NaN", "'x'", "",
			"[".repeat(2000), "\"article:ü😀\"");

	private static final List<String> NAMES = List.of("resource", "resources", "fence", "note", "page", "ttl", "locker",
			"__proto__", "status");

	private static final List<String> USERS = List.of(" ", "OBJECT", "x".repeat(600));

	private static final Map<String, List<String>> MORE_HEADERS = Map.of("Content-Encoding", List.of("gzip", "x", ""),
			"X-HTTP-Method-Override", List.of("DELETE", "FOO"), "Origin", List.of("null", "http://a", "x"), "Range",
			List.of("bytes=0-1", "x"), "If-None-Match", List.of("*", "x"), "Accept-Language", List.of("x;q=y", "*"),
			"Cookie", List.of("a", "a=b;;=", "JSESSIONID=x", "SESSION=\""), "Accept-Charset", List.of("x", "utf-16"));

	private final Random random;

	RandomRequest(long seed) {
		this.random = new Random(seed);
	}

	/** A request to an endpoint; only those without a user have none. */
	HttpRequest next(LockClient client, String endpoint, int number) {
		boolean isRead = endpoint.equals("locks") || (endpoint.equals("events") && this.random.nextBoolean());
		String path = "/locky/" + endpoint + ((isRead || rarely()) ? "?" + query() : "");
		HttpRequest.Builder request = HttpRequest.newBuilder(client.uri(path));
		request.method(method(isRead), isRead ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body()));
		add(request, "Content-Type", type(endpoint));
		addHeaders(request, number);
		return request.build();
	}

	private void addHeaders(HttpRequest.Builder request, int number) {
		if (this.random.nextBoolean()) {
			add(request, "Accept", this.random.nextBoolean() ? pick(TYPES) : "*/*");
		}
		if (!rarely()) {
			add(request, "X-User", rarely() ? pick(USERS) : "user-" + number);
		}
		if (rarely()) {
			String name = pick(MORE_HEADERS.keySet().stream().sorted().toList());
			add(request, name, pick(MORE_HEADERS.getOrDefault(name, List.of())));
		}
	}

	private String method(boolean isRead) {
		if (rarely()) {
			return pick(METHODS);
		}
		return isRead ? "GET" : "POST";
	}

	private String type(String endpoint) {
		if (rarely()) {
			return pick(TYPES);
		}
		boolean isForm = endpoint.equals("locks/release") && this.random.nextBoolean();
		return isForm ? "application/x-www-form-urlencoded" : "application/json";
	}

	private static void add(HttpRequest.Builder request, String name, String value) {
		request.header(name, value);
	}

	private String query() {
		List<String> fields = new ArrayList<>();
		int count = rarely() ? this.random.nextInt(4) : 1;
		for (int i = 0; i < count; i++) {
			String name = rarely() ? pick(NAMES) : "resource";
			fields
				.add(rarely() ? name : name + "=" + (rarely() ? encodedBytes() : "article:" + this.random.nextInt(9)));
		}
		return String.join("&", fields);
	}

	private String encodedBytes() {
		StringBuilder text = new StringBuilder();
		for (int i = this.random.nextInt(12); i >= 0; i--) {
			text.append("%%%02X".formatted(this.random.nextInt(256)));
		}
		return text.toString();
	}

	private byte[] body() {
		byte[] body = (rarely() ? form() : json()).getBytes(StandardCharsets.UTF_8);
		if (rarely()) {
			for (int i = this.random.nextInt(4); i >= 0 && body.length > 0; i--) {
				body[this.random.nextInt(body.length)] = (byte) this.random.nextInt(256);
			}
		}
		return rarely() ? Arrays.copyOf(body, this.random.nextInt(body.length + 1)) : body;
	}

	private String json() {
		if (this.random.nextInt(200) == 0) {
			return "{\"resource\":\"article:1\",\"note\":\"%s\"}".formatted("x".repeat(300_000));
		}
		List<String> members = new ArrayList<>();
		members.add("\"resource\":" + (rarely() ? pick(VALUES) : "\"article:" + this.random.nextInt(9) + "\""));
		members.add("\"fence\":" + (rarely() ? pick(VALUES) : "17"));
		members.add("\"resources\":" + (rarely() ? pick(VALUES) : "[\"article:1\",\"article:2\"]"));
		if (rarely()) {
			members.add("\"%s\":%s".formatted(pick(NAMES), pick(VALUES)));
		}
		return rarely() ? pick(VALUES) : "{" + String.join(",", members) + "}";
	}

	private String form() {
		String text = query();
		return rarely() ? text + "%" : text + "&fence=17&rest=" + "x".repeat(rarely() ? 300_000 : 3);
	}

	private boolean rarely() {
		return this.random.nextInt(6) == 0;
	}

	private String pick(List<String> values) {
		return values.get(this.random.nextInt(values.size()));
	}

}
