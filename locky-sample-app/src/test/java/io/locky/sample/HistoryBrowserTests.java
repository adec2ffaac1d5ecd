package io.locky.sample;

import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two people see in their browsers who held a lock, how that ended, by whom and why.
 */
@RequiresBrowser
class HistoryBrowserTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(
			() -> RunningNewsroom.startWith("--locky.history.enabled=true"));

	@Test
	void editsTakeoverAndExpiryAppearWithWhoAndWhy() {
		Page ines = module(newsroom.logsIn("Ines"));
		Person chief = newsroom.logsIn("Vera");
		Page desk = module(chief);
		ines.evaluate("locky.acquire('article:3').then((lock) => lock.release())");
		assertThat(history(desk)).isEqualTo("Ines RELEASED Ines");
		ines.evaluate("locky.acquire('article:3').then((lock) => { window.lock = lock; })");
		desk.evaluate(
				"locky.takeOver('article:3', %d, { note: 'Going to press' }).then((lock) => { window.lock = lock; })"
					.formatted(ines.evaluate("lock.fence").asLong()));
		String takenOver = "Ines TAKEN_OVER Vera Going to press, Ines RELEASED Ines";
		assertThat(history(ines)).isEqualTo(takenOver);
		chief.goesOffline(true);
		await().untilAsserted(() -> assertThat(history(ines)).isEqualTo("Vera EXPIRED, " + takenOver));
		assertThat(ines.evaluate("times()").asBoolean()).isTrue();
	}

	private static String history(Page page) {
		return page.evaluate("shown()").asString();
	}

	private static Page module(Person person) {
		Page page = person.page();
		page.go(newsroom.url() + "/login.html");
		page.waitsFor("location.pathname === '/login.html' && document.readyState === 'complete'");
		page.evaluate(
				"""
						Promise.all([import('/locky/locky.js'), import('/locky/locky-history.js')]).then(([module, { history }]) => {
							window.locky = module;
							window.shown = async () => (await history('article:3')).holds
								.map(({ locker, outcome, by, note }) => [locker, outcome, by, note].filter(Boolean).join(' ')).join(', ');
							window.times = async () => (await history('article:3')).holds
								.every(({ since, until }) => Date.parse(since) <= Date.parse(until));
						})""");
		return page;
	}

}
