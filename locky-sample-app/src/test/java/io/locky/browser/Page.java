package io.locky.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One tab. It clicks and types as a user does, and keeps the errors and warnings of the
 * console.
 */
public final class Page {

	private final DevTools tools;

	private final String context;

	private final String target;

	private final String session;

	private final List<String> errors = new CopyOnWriteArrayList<>();

	private final RequestLog requests = new RequestLog();

	Page(DevTools tools, String context) {
		this(tools, context, true);
	}

	private Page(DevTools tools, String context, boolean newWindow) {
		this.tools = tools;
		this.context = context;
		this.target = tools
			.send(null, "Target.createTarget",
					Map.of("url", "about:blank", "browserContextId", context, "newWindow", newWindow))
			.get("targetId")
			.asString();
		this.session = tools.send(null, "Target.attachToTarget", Map.of("targetId", this.target, "flatten", true))
			.get("sessionId")
			.asString();
		tools.onEvent(this::onEvent);
		List.of("Page.enable", "Runtime.enable", "Log.enable", "Network.enable")
			.forEach((method) -> send(method, Map.of()));
	}

	private void onEvent(JsonNode event) {
		if (!this.session.equals(event.path("sessionId").asString(""))) {
			return;
		}
		JsonNode params = event.path("params");
		String method = event.path("method").asString("");
		boolean isError = switch (method) {
			case "Runtime.exceptionThrown" -> true;
			case "Runtime.consoleAPICalled" -> List.of("error", "warning").contains(params.path("type").asString());
			case "Log.entryAdded" -> "error".equals(params.path("entry").path("level").asString());
			default -> false;
		};
		if (isError) {
			this.errors.add(params.toString());
		}
		this.requests.onEvent(method, params);
	}

	/**
	 * Opens a window for the same user, so that both are visible.
	 * @return its page
	 */
	public Page newWindow() {
		return new Page(this.tools, this.context, true);
	}

	/**
	 * Opens a tab for the same user in the same window, in front of this one.
	 * @return its page
	 */
	public Page newTab() {
		toFront();
		return new Page(this.tools, this.context, false);
	}

	/**
	 * Shows this tab, and hides the others of its window.
	 */
	public void toFront() {
		this.tools.send(null, "Target.activateTarget", Map.of("targetId", this.target));
	}

	/**
	 * Counts the requests of the page so far.
	 * @param path a part of their addresses
	 * @return their number
	 */
	public long requests(String path) {
		return this.requests.all(path);
	}

	/**
	 * Counts the requests of the page that have not ended.
	 * @param path a part of their addresses
	 * @return their number
	 */
	public long openRequests(String path) {
		return this.requests.open(path);
	}

	/**
	 * Returns the errors and warnings of the console.
	 * @return the entries as JSON
	 */
	public List<String> errors() {
		return this.errors;
	}

	/**
	 * Sends a DevTools command.
	 * @param method the command
	 * @param params its parameters
	 * @return the answer
	 */
	public JsonNode send(String method, Map<String, ?> params) {
		return this.tools.send(this.session, method, params);
	}

	/**
	 * Chooses the colours, and no animations, as settings of the user would.
	 * @param scheme {@code light} or {@code dark}
	 */
	public void prefers(String scheme) {
		send("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme),
						Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
	}

	/**
	 * Makes a script run before those of every page that is loaded from now on.
	 * @param script JavaScript
	 */
	public void beforeLoading(String script) {
		send("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
	}

	/**
	 * Goes to an address.
	 * @param url the address
	 */
	public void go(String url) {
		send("Page.navigate", Map.of("url", url));
	}

	/**
	 * Evaluates an expression in the page, and waits for a promise.
	 * @param expression JavaScript
	 * @return its value
	 */
	public JsonNode evaluate(String expression) {
		JsonNode answer = send("Runtime.evaluate",
				Map.of("expression", expression, "awaitPromise", true, "returnByValue", true, "userGesture", true));
		if (answer.has("exceptionDetails")) {
			throw new IllegalStateException(expression + ": " + answer.get("exceptionDetails"));
		}
		return answer.path("result").path("value");
	}

	/**
	 * Waits until the page shows a text at a place.
	 * @param selector the place
	 * @param text the text
	 */
	public void sees(String selector, String text) {
		await("%s shows '%s'".formatted(selector, text)).ignoreExceptions()
			.untilAsserted(() -> assertThat(text(selector)).contains(text));
	}

	/**
	 * Waits until an expression is true.
	 * @param expression JavaScript
	 */
	public void waitsFor(String expression) {
		await(expression).ignoreExceptions().until(() -> evaluate("Boolean(%s)".formatted(expression)).asBoolean());
	}

	/**
	 * Returns the visible text at a place.
	 * @param selector the place
	 * @return the text
	 */
	public String text(String selector) {
		return evaluate("document.querySelector(`%s`).innerText".formatted(selector)).asString();
	}

	/**
	 * Clicks with the mouse, once the place is visible and enabled.
	 * @param selector the place
	 */
	public void click(String selector) {
		waitsFor("document.querySelector(`%s`)?.checkVisibility() && !document.querySelector(`%s`).matches(':disabled')"
			.formatted(selector, selector));
		JsonNode place = evaluate("""
				(() => { const found = document.querySelector(`%s`); found.scrollIntoView({ block: 'center' });
				const { x, y, width, height } = found.getBoundingClientRect();
				return [x + width / 2, y + height / 2]; })()""".formatted(selector));
		for (String type : List.of("mousePressed", "mouseReleased")) {
			send("Input.dispatchMouseEvent",
					Map.of("type", type, "x", place.get(0), "y", place.get(1), "button", "left", "clickCount", 1));
		}
	}

	/**
	 * Types where the focus is.
	 * @param text what to type
	 */
	public void type(String text) {
		send("Input.insertText", Map.of("text", text));
	}

	/**
	 * Presses a key.
	 * @param key its name
	 * @param code its virtual key code
	 */
	public void press(String key, int code) {
		String text = "Enter".equals(key) ? "\r" : "";
		for (String type : List.of("keyDown", "keyUp")) {
			send("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code,
					"text", "keyDown".equals(type) ? text : ""));
		}
	}

	/**
	 * Takes a picture.
	 * @param file the file to write
	 * @throws IOException if it cannot be written
	 */
	public void picture(Path file) throws IOException {
		String data = send("Page.captureScreenshot", Map.of("format", "png")).get("data").asString();
		Files.write(file, Base64.getDecoder().decode(data));
	}

	/**
	 * Closes the tab, as its close button does.
	 */
	public void close() {
		this.tools.send(null, "Target.closeTarget", Map.of("targetId", this.target));
	}

}
