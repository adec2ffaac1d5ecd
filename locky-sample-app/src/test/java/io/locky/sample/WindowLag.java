package io.locky.sample;

import java.util.ArrayList;
import java.util.List;

import io.locky.browser.Chromium;
import io.locky.browser.Page;
import tools.jackson.databind.JsonNode;

/**
 * Measures how long it takes until an article that is opened or closed in one window
 * changes in the list of another: from the call of the browser module to the change of
 * the page.
 */
final class WindowLag {

	private static final int ROUNDS = 100;

	private static final String NOW = "performance.timeOrigin + performance.now()";

	private WindowLag() {
	}

	/**
	 * Measures, and prints the results.
	 * @param args none
	 */
	public static void main(String[] args) {
		try (RunningNewsroom newsroom = RunningNewsroom.start();
				RunningNewsroom second = newsroom.startSecond();
				Chromium browser = Chromium.start()) {
			System.out.println("both windows on one instance: " + measure(newsroom, newsroom, browser));
			System.out.println("each on an instance of its own: " + measure(newsroom, second, browser));
		}
	}

	private static String measure(RunningNewsroom here, RunningNewsroom there, Chromium browser) {
		Page acts = Person.logsIn(browser, here, "Ines").seesList().page();
		Page sees = Person.logsIn(browser, there, "Tom").seesList().page();
		acts.evaluate("import('/locky/locky.js').then((locky) => { window.locky = locky; })");
		sees.waitsFor("document.querySelector('.articles > li').dataset.holder === ''");
		sees.evaluate("""
				const row = document.querySelector('.articles > li');
				new MutationObserver(() => { if (row.dataset.holder === window.expected) { window.seen ??= %s; } })
					.observe(row, { attributeFilter: ['data-holder'] });""".formatted(NOW));
		List<Double> lags = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			boolean opens = round % 2 == 0;
			sees.evaluate("window.seen = null; window.expected = '%s'".formatted(opens ? "Ines" : ""));
			JsonNode acted = acts.evaluate("(async () => { const at = %s; %s; return at; })()".formatted(NOW,
					opens ? "window.lock = await locky.acquire('article:1')" : "await lock.release()"));
			sees.waitsFor("seen");
			lags.add(sees.evaluate("seen").asDouble() - acted.asDouble());
		}
		browser.closeWindows();
		List<Double> sorted = lags.stream().sorted().toList();
		return "median %.1f ms, p90 %.1f ms of %d".formatted(sorted.get(ROUNDS / 2), sorted.get(ROUNDS * 9 / 10),
				ROUNDS);
	}

}
