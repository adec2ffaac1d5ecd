package io.locky.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A connection to a browser, for commands, their answers, and events.
 */
final class DevTools implements WebSocket.Listener {

	private static final JsonMapper json = JsonMapper.shared();

	private final AtomicInteger lastId = new AtomicInteger();

	private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();

	private final List<Consumer<JsonNode>> listeners = new CopyOnWriteArrayList<>();

	private final StringBuilder text = new StringBuilder();

	private final WebSocket socket;

	DevTools(String address) {
		this.socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(address), this).join();
	}

	void onEvent(Consumer<JsonNode> listener) {
		this.listeners.add(listener);
	}

	JsonNode send(@Nullable String session, String method, Map<String, ?> params) {
		try {
			return sendAsync(session, method, params).get(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(method + " " + params + " failed", ex);
		}
	}

	private synchronized CompletableFuture<JsonNode> sendAsync(@Nullable String session, String method,
			Map<String, ?> params) {
		int id = this.lastId.incrementAndGet();
		Map<String, Object> command = new ConcurrentHashMap<>(Map.of("id", id, "method", method, "params", params));
		if (session != null) {
			command.put("sessionId", session);
		}
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.open.put(id, answer);
		this.socket.sendText(json.writeValueAsString(command), true).join();
		return answer;
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.text.append(data);
		if (last) {
			JsonNode message = json.readTree(this.text.toString());
			this.text.setLength(0);
			receive(message);
		}
		socket.request(1);
		return null;
	}

	private void receive(JsonNode message) {
		CompletableFuture<JsonNode> answer = this.open.remove(message.path("id").asInt(0));
		if (answer == null) {
			this.listeners.forEach((listener) -> listener.accept(message));
		}
		else if (message.has("error")) {
			answer.completeExceptionally(new IllegalStateException(message.get("error").toString()));
		}
		else {
			answer.complete(message.path("result"));
		}
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		this.open.values().forEach((answer) -> answer.completeExceptionally(error));
	}

	void close() {
		this.socket.abort();
	}

}
