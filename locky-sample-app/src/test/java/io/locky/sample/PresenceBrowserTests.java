package io.locky.sample;

import java.time.Duration;
import java.util.List;

import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import io.locky.people.LockPresence;
import io.locky.people.PresenceState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Three people look at the same article, each in a browser of their own.
 */
@RequiresBrowser
class PresenceBrowserTests {

	/** Makes the long times of a page short: its lease takes 1.5 seconds. */
	private static final String QUICK = """
			(() => {
				const real = window.setTimeout;
				window.setTimeout = (work, ms, ...rest) => real(work, ms >= 9000 ? ms / 20 : ms, ...rest);
			})();""";

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(
			() -> RunningNewsroom.startWith("--locky.presence.enabled=true"));

	private static int tests;

	/** Windows that are closed by force do not leave. */
	private final String resource = "article:" + (100 + tests++);

	@Test
	void threePeopleSeeEachOtherComeAndGo() {
		Page ines = look("Ines", "editing");
		Page tom = look("Tom", "viewing");
		Page yuki = look("Yuki", "waiting");
		for (Page page : List.of(ines, tom, yuki)) {
			sees(page, "Ines editing,Yuki waiting,Tom viewing");
		}
		assertThat(tom.evaluate("people.filter(({ own }) => own).map(({ person }) => person).join()").asString())
			.isEqualTo("Tom");
		yuki.evaluate("here.setState('viewing')");
		sees(ines, "Ines editing,Tom viewing,Yuki viewing");
		// Its beacon leaves long before the lease ends.
		tom.close();
		sees(ines, "Ines editing,Yuki viewing");
		ines.evaluate("here.leave()");
		sees(yuki, "Yuki viewing");
		assertThat(ines.errors()).isEmpty();
		assertThat(yuki.errors()).isEmpty();
	}

	@Test
	void personWithTwoTabsIsOnePerson() {
		Page ines = look("Ines", "viewing");
		Page tom = look("Tom", "viewing");
		Page second = module(ines.newWindow());
		present(second, "editing");
		sees(tom, "Ines editing,Tom viewing");
		assertThat(second.evaluate("people.length").asInt()).isEqualTo(2);
		second.close();
		sees(tom, "Ines viewing,Tom viewing");
		ines.go("about:blank");
		sees(tom, "Tom viewing");
	}

	@Test
	void severalPlacesOfAPageShareTheirRequests() {
		Page ines = look("Ines", "viewing");
		long before = ines.requests("/presence/");
		ines.evaluate(
				"(() => { for (let i = 0; i < 10; i++) { presence.present('%s'); } })()".formatted(this.resource));
		ines.evaluate("window.more = presence.present('%s', { onPeople: (all) => { window.seen = all; } })"
			.formatted(this.resource));
		ines.waitsFor("window.seen?.length === 1");
		assertThat(ines.requests("/presence/")).isEqualTo(before);
	}

	@Test
	void hiddenTabIsAwayAfterALease() {
		Page tom = look("Tom", "viewing");
		Page ines = browserPage("Ines");
		ines.beforeLoading(QUICK);
		module(ines);
		present(ines, "waiting");
		sees(tom, "Ines waiting,Tom viewing");
		Page front = ines.newTab();
		ines.waitsFor("document.hidden");
		sees(tom, "Tom viewing");
		long requests = ines.requests("/presence/");
		await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
		assertThat(ines.requests("/presence/")).isEqualTo(requests);
		ines.toFront();
		sees(tom, "Ines waiting,Tom viewing");
		front.close();
	}

	@Test
	void pageGoesOnAfterALogin() {
		Page tom = look("Tom", "viewing");
		Page ines = browserPage("Ines");
		ines.beforeLoading(QUICK);
		module(ines);
		present(ines, "viewing");
		sees(tom, "Tom viewing,Ines viewing");
		Page desk = ines.newWindow();
		desk.go(newsroom.url() + "/");
		desk.click("form button.link");
		desk.waitsFor("location.pathname === '/login.html'");
		// Quick pages ask again within a second, and are refused.
		await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
		desk.click(".person[value=Ines]");
		desk.sees(".me", "Ines");
		long before = ines.requests("/presence/enter");
		ines.evaluate("locky.resume()");
		await().until(() -> ines.requests("/presence/enter") > before);
		sees(ines, "Tom viewing,Ines viewing");
	}

	/** A program is among those who look, too. */
	@Test
	void personOfTheServerIsShown() {
		Page ines = look("Ines", "viewing");
		presence().enter(this.resource, "import", "", PresenceState.EDITING);
		sees(ines, "import editing,Ines viewing");
		presence().leave(this.resource, "import", "");
		sees(ines, "Ines viewing");
	}

	private static LockPresence presence() {
		return newsroom.bean(LockPresence.class);
	}

	private static Page browserPage(String name) {
		return newsroom.logsIn(name).page();
	}

	private Page look(String name, String state) {
		Page page = module(browserPage(name));
		present(page, state);
		return page;
	}

	/** A page that does nothing by itself, with the modules. */
	private static Page module(Page page) {
		page.go(newsroom.url() + "/login.html");
		page.waitsFor("location.pathname === '/login.html' && document.readyState === 'complete'");
		page.evaluate("""
				Promise.all([import('/locky/locky.js'), import('/locky/locky-presence.js')])
					.then(([locky, presence]) => { Object.assign(window, { locky, presence, live: false }); })""");
		return page;
	}

	private void present(Page page, String state) {
		page.evaluate("""
				locky.watch(['%s'], () => {}, { onLive: (now) => { live = now; } });
				window.here = presence.present('%s', { state: '%s', onPeople: (all) => { window.people = all; } })"""
			.formatted(this.resource, this.resource, state));
		page.waitsFor("live && window.people?.some(({ own }) => own)");
	}

	private static void sees(Page page, String people) {
		page.waitsFor("people.map(({ person, state }) => `${person} ${state}`).join() === '%s'".formatted(people));
	}

}
