package io.locky.sample;

import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page of an article offers the unsaved text in whatever order requests are answered,
 * keys are pressed and the lock ends.
 */
@RequiresBrowser
class UnsavedTextBrowserTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(RunningNewsroom::start);

	@Test
	void severalRequestsFindTheSessionEndedBeforeTheTextIsKept() {
		Person ines = logsIn("Ines").edits(1);
		ines.writes("Harbour, kept slowly.");
		keepsTheDatabaseBusy(ines.page());
		ines.losesTheSession();
		ines.page().sees("#notice", "You have been logged out.");
		long requests = ines.page().requests("/api/journal");
		await().until(() -> ines.page().requests("/api/journal") > requests + 1);
		ines.page().evaluate("window.busy = false");
		assertThat(ines.draft()).contains("Harbour, kept slowly.");
		assertThat(ines.canClick("#login")).isTrue();
	}

	@Test
	void sessionEndsAfterTheLock() {
		Person ines = logsIn("Ines").edits(2);
		ines.writes("A bridge, taken over.");
		newsroom.bean(LockyTemplate.class).unlock("article:2");
		ines.page().sees("#notice", "Your lock has ended.");
		ines.losesTheSession();
		ines.page().sees("#notice", "You have been logged out.");
		assertThat(ines.draft()).contains("A bridge, taken over.");
		assertThat(ines.canClick("#login")).isTrue();
		assertThat(ines.canClick("#continue")).isFalse();
	}

	@Test
	void textIsTypedBeforeThePageHasReadTheArticle() {
		Person ines = logsIn("Ines").opens(3);
		holdsBackTheArticle(ines.page());
		ines.page().click("#edit");
		awaitHolder("article:3", "Ines");
		ines.writes("Onions, typed early.");
		ines.page().evaluate("answer()");
		ines.page().sees("#who", "You are editing.");
		assertThat(ines.text()).isEqualTo("Onions, typed early.");
		ines.losesTheSession();
		ines.page().sees("#notice", "You have been logged out.");
		assertThat(ines.draft()).contains("Onions, typed early.");
	}

	@Test
	void eventComesBeforeTheGrantThatItIsAbout() {
		Person ines = logsIn("Ines").opens(1);
		holdsBack(ines.page(), "/locks/acquire");
		long read = ines.page().requests("/api/articles/1");
		ines.page().click("#edit");
		ines.writes("Typed before the grant.");
		await().until(() -> ines.page().requests("/api/articles/1") > read);
		ines.page().evaluate("new Promise((resolve) => setTimeout(resolve, 300))");
		ines.page().evaluate("answer()");
		ines.page().sees("#who", "You are editing.");
		assertThat(ines.text()).isEqualTo("Typed before the grant.");
		ines.saves();
	}

	@Test
	void lockEndsBeforeThePageHasReadTheArticle() {
		Person ines = logsIn("Ines").opens(4);
		holdsBackTheArticle(ines.page());
		ines.writes("Clocks, lost early.");
		awaitHolder("article:4", "Ines");
		newsroom.bean(LockyTemplate.class).unlock("article:4");
		ines.page().sees("#notice", "Your lock has ended.");
		assertThat(ines.draft()).contains("Clocks, lost early.");
		ines.page().evaluate("answer()");
		ines.continuesWithTheText().saves();
		assertThat(ines.text()).isEqualTo("Clocks, lost early.");
	}

	@Test
	void somebodyHasSavedBeforeTheFirstKey() {
		Person ines = logsIn("Ines").opens(5);
		holdsBackTheArticle(ines.page());
		LockyTemplate locks = newsroom.bean(LockyTemplate.class);
		locks.lock("article:5", "Vera");
		ines.page().sees("#who", "Vera is editing.");
		ArticleStore store = newsroom.bean(ArticleStore.class);
		long fence = locks.find("article:5").orElseThrow().fence();
		store.save(5, store.find(5).orElseThrow().title(), "Fog, by Vera.", "Vera", fence);
		locks.unlock("article:5");
		ines.page().sees("#who", "Nobody is editing.");
		ines.writes("Fog, by Ines.");
		awaitHolder("article:5", "Ines");
		ines.page().evaluate("answer()");
		assertThat(ines.draft()).contains("Fog, by Ines.");
		assertThat(ines.page().text("#pieces del")).contains("Vera");
		assertThat(ines.text()).isEqualTo("Fog, by Vera.");
	}

	@Test
	void articleThatCannotBeReadIsGivenBack() {
		Person ines = logsIn("Ines").opens(6);
		failsToReadTheArticle(ines.page());
		ines.writes("Written without an answer.");
		assertThat(ines.draft()).contains("Written without an answer.");
		await().until(() -> newsroom.bean(LockyTemplate.class).getLocker("article:6") == null);
		ines.page().evaluate("window.failing = false");
		ines.continuesWithTheText().saves();
		assertThat(ines.text()).isEqualTo("Written without an answer.");
	}

	private static Person logsIn(String name) {
		return newsroom.logsIn(name);
	}

	private static void awaitHolder(String resource, String name) {
		await().until(() -> name.equals(newsroom.bean(LockyTemplate.class).getLocker(resource)));
	}

	/** As a slow disk does: what the page writes to the database waits. */
	private static void keepsTheDatabaseBusy(Page page) {
		page.evaluate("""
				indexedDB.databases().then(([{ name }]) => new Promise((resolve) => {
					window.busy = true;
					indexedDB.open(name).onsuccess = ({ target }) => {
						const drafts = target.result.transaction('drafts', 'readwrite').objectStore('drafts');
						const next = () => { window.busy && (drafts.count().onsuccess = next); };
						next();
						resolve();
					};
				}))""");
	}

	/** While {@code failing} is set. */
	private static void failsToReadTheArticle(Page page) {
		page.evaluate("""
				(() => {
					const send = window.fetch;
					window.failing = true;
					window.fetch = (url, options) => window.failing && /[/]api[/]articles[/][0-9]+$/.test(url)
						? Promise.resolve(new Response('', { status: 500 })) : send(url, options);
				})()""");
	}

	private static void holdsBackTheArticle(Page page) {
		holdsBack(page, "/api/articles/[0-9]+");
	}

	/** The answer arrives when the test calls {@code answer()}. */
	private static void holdsBack(Page page, String path) {
		page.evaluate("""
				(() => {
					const send = window.fetch;
					const held = new Promise((resolve) => { window.answer = resolve; });
					window.fetch = async (url, options) => {
						const response = await send(url, options);
						new RegExp(`%s$`).test(url) && await held;
						return response;
					};
				})()""".formatted(path));
	}

}
