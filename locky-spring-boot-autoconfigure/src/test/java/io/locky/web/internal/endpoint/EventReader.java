package io.locky.web.internal.endpoint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * Reads a live stream line by line.
 */
final class EventReader implements AutoCloseable {

	/** A client that is not referenced any more stops reading. */
	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final HttpResponse<InputStream> response;

	private volatile boolean ended;

	private EventReader(HttpResponse<InputStream> response) {
		this.response = response;
		Thread thread = new Thread(this::read, "event-reader");
		thread.setDaemon(true);
		thread.start();
	}

	static EventReader open(LockClient client, String path, String user) {
		return open(HttpRequest.newBuilder(client.uri(path)).headers("X-User", user, "Authorization", user).build());
	}

	static EventReader post(LockClient client, String path, String user, List<String> resources) {
		String names = resources.stream().collect(Collectors.joining("\",\"", "{\"resources\":[\"", "\"]}"));
		return open(HttpRequest.newBuilder(client.uri(path))
			.headers("X-User", user, "Content-Type", "application/json", "Accept", "text/event-stream")
			.POST(BodyPublishers.ofString(names))
			.build());
	}

	static EventReader open(HttpRequest request) {
		try {
			return new EventReader(HTTP.send(request, BodyHandlers.ofInputStream()));
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void read() {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.response.body(), StandardCharsets.UTF_8))) {
			reader.lines().forEach(this.lines::add);
		}
		catch (IOException | RuntimeException ex) {
			this.lines.add("broken: " + ex);
		}
		this.ended = true;
	}

	HttpResponse<InputStream> response() {
		return this.response;
	}

	/**
	 * The events so far, each as its name, a space and its data.
	 * @return the events without those that only keep the stream alive
	 */
	List<String> events() {
		String text = String.join("\n", this.lines);
		return text.lines()
			.filter((line) -> line.startsWith("event:") || line.startsWith("data:"))
			.map((line) -> line.startsWith("event:") ? "\n" + line.substring(6) : " " + line.substring(5))
			.reduce("", String::concat)
			.lines()
			.filter((line) -> !line.isEmpty() && !line.startsWith("alive"))
			.toList();
	}

	boolean isAlive() {
		return this.lines.contains("event:alive");
	}

	boolean hasRetry() {
		return this.lines.contains("retry:2000");
	}

	boolean isEnded() {
		return this.ended;
	}

	@Override
	public void close() {
		try {
			this.response.body().close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
