package io.locky.browser;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

/**
 * The requests of a page, and which of them have not ended.
 */
final class RequestLog {

	private final List<String> all = new CopyOnWriteArrayList<>();

	private final Map<String, String> open = new ConcurrentHashMap<>();

	void onEvent(String method, JsonNode params) {
		String id = params.path("requestId").asString("");
		switch (method) {
			case "Network.requestWillBeSent" -> sent(id, params.path("request").path("url").asString());
			case "Network.loadingFinished", "Network.loadingFailed" -> this.open.remove(id);
			case "Page.frameNavigated" -> navigated(params.path("frame"));
			default -> {
			}
		}
	}

	private void sent(String id, String url) {
		this.all.add(url);
		this.open.put(id, url);
	}

	/** The requests of the page before end without an event. */
	private void navigated(JsonNode frame) {
		if (!frame.has("parentId")) {
			this.open.clear();
		}
	}

	long all(String path) {
		return count(this.all.stream(), path);
	}

	long open(String path) {
		return count(this.open.values().stream(), path);
	}

	private static long count(Stream<String> urls, String path) {
		return urls.filter((url) -> url.contains(path)).count();
	}

}
