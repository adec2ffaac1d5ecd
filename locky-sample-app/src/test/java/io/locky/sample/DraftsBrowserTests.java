package io.locky.sample;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What two people type is not lost, whatever happens to their locks and pages.
 */
@RequiresBrowser
class DraftsBrowserTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(RunningNewsroom::start);

	@Test
	void typedTextSurvivesATakeoverAndIsHandedOn() {
		Page ines = edits(module(logsIn("Ines")), "article:1");
		ines.evaluate("""
				locky.watch(['article:1'], () => {}, { onLive: (now) => { window.live = now; } });
				drafts.offerDraft(lock, { read, base: 'The old text', send: (draft, { holder }) => {
					window.sent = { ...draft, to: holder.locker }; } })""");
		ines.waitsFor("window.live");
		types(ines, "The new text");
		long fence = ines.evaluate("lock.fence").asLong();
		Page vera = module(logsIn("Vera"));
		vera.evaluate("locky.takeOver('article:1', %d).then((lock) => { window.lock = lock; })".formatted(fence));
		ines.waitsFor("window.lost === 'takenover'");
		assertThat(ines.evaluate("`${sent.to}: ${sent.value}, ${sent.base}, ${sent.fence === lock.fence}`").asString())
			.isEqualTo("Vera: The new text, The old text, true");
		awaitDrafts(ines, "article:1", "The new text");
		awaitDrafts(vera, "article:1", "");
		assertThat(ines
			.evaluate("drafts.drafts('article:1', { user: 'Ines' })"
					+ ".then(([draft]) => JSON.stringify(drafts.compare(draft, 'Vera\\'s text')))")
			.asString())
			.isEqualTo("[{\"kind\":\"theirs\",\"text\":\"Vera's text\"},"
					+ "{\"kind\":\"mine\",\"text\":\"The new text\"}]");
		// A heartbeat may be on its way when the lock is taken over.
		assertThat(ines.errors()).allMatch((error) -> error.contains("409"));
	}

	@Test
	void typedTextSurvivesACrash() {
		Page ines = edits(module(logsIn("Ines")), "article:2");
		types(ines, "Before the crash");
		awaitDrafts(ines, "article:2", "Before the crash");
		// Its answer never comes.
		CompletableFuture.runAsync(() -> ines.send("Page.crash", Map.of()));
		Page again = module(ines.newWindow());
		awaitDrafts(again, "article:2", "Before the crash");
		assertThat(again
			.evaluate(
					"drafts.drafts('article:2', { user: 'Ines' }).then(([{ base, fence }]) => `${base} ${fence > 0}`)")
			.asString()).isEqualTo("The old text true");
	}

	/** There is no time for the 300 ms. */
	@Test
	void lastKeysBeforeAPageIsLeftAreKept() {
		Page ines = edits(module(logsIn("Ines")), "article:2");
		// The database is open then.
		awaitDrafts(ines, "article:2", "");
		ines.evaluate(
				"""
						(() => { const field = document.getElementById('typed'); field.value = 'Left at once';
						field.dispatchEvent(new InputEvent('input', { bubbles: true })); location.href = '/login.html?left'; })()""");
		ines.waitsFor("location.search === '?left' && document.readyState === 'complete'");
		awaitDrafts(module(ines), "article:2", "Left at once");
	}

	@Test
	void typedTextSurvivesTheEndOfASession() {
		Page ines = edits(module(logsIn("Ines")), "article:3");
		types(ines, "Before the logout");
		awaitDrafts(ines, "article:3", "Before the logout");
		Page desk = ines.newWindow();
		desk.go(newsroom.url() + "/");
		desk.click("form button.link");
		desk.waitsFor("location.pathname === '/login.html'");
		ines.waitsFor("window.lost");
		types(ines, " and after it");
		desk.waitsFor("document.querySelector('fieldset:not(:disabled)')");
		desk.click(".person[value=Vera]");
		desk.sees(".me", "Vera");
		module(desk);
		awaitDrafts(desk, "article:3", "Ines", "Before the logout and after it");
		awaitDrafts(desk, "article:3", "Vera", "");
	}

	@Test
	void draftsAreKeptApartRemovedAfterASaveAndTakenBack() {
		Page ines = edits(module(logsIn("Ines")), "article:4");
		types(ines, "Of the first page");
		awaitDrafts(ines, "article:4", "Of the first page");
		Page second = module(ines.newWindow());
		second.evaluate("locky.takeOver('article:4', %d).then((taken) => { window.lock = taken; keep(); })"
			.formatted(ines.evaluate("lock.fence").asLong()));
		types(second, "Of the second page");
		awaitDrafts(second, "article:4", "Of the second page|Of the first page");
		String removed = second
			.evaluate("drafts.removeAfterSave('article:4', lock.fence, { value: read() }).then(([id]) => id)")
			.asString();
		awaitDrafts(second, "article:4", "Of the first page");
		module(second);
		awaitDrafts(second, "article:4", "Of the first page");
		assertThat(second.evaluate("drafts.undiscard('%s')".formatted(removed)).asBoolean()).isTrue();
		awaitDrafts(second, "article:4", "Of the second page|Of the first page");
		assertThat(second.evaluate("drafts.discard('%s')".formatted(removed)).asBoolean()).isTrue();
		awaitDrafts(ines, "article:4", "Of the first page");
	}

	@Test
	void withoutIndexedDbThePageKeepsTheText() {
		Page ines = logsIn("Ines");
		ines.beforeLoading(
				"Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } })");
		edits(module(ines), "article:5");
		types(ines, "Only here");
		ines.waitsFor("window.memory === 'SecurityError'");
		awaitDrafts(ines, "article:5", "Only here");
		assertThat(ines.errors()).isEmpty();
	}

	private static Page logsIn(String name) {
		return newsroom.logsIn(name).page();
	}

	/** A page that does nothing by itself, with the modules and a field. */
	private static Page module(Page page) {
		page.go(newsroom.url() + "/login.html?module");
		page.waitsFor("location.search === '?module' && document.readyState === 'complete'");
		page.evaluate("""
				Promise.all([import('/locky/locky.js'), import('/locky/locky-drafts.js')]).then(([locky, drafts]) => {
					document.body.insertAdjacentHTML('beforeend', '<textarea id="typed">The old text</textarea>');
					const read = () => document.getElementById('typed').value;
					const keep = () => drafts.keepDraft(lock.resource, lock.fence,
						{ user: 'Ines', read, onMemory: ({ name }) => { window.memory = name; } });
					Object.assign(window, { locky, drafts, read, keep });
				})""");
		return page;
	}

	private static Page edits(Page page, String resource) {
		page.evaluate("""
				locky.acquire('%s', { onLost: ({ reason }) => { window.lost = reason; } })
					.then((lock) => { window.lock = lock; window.keeper = keep(); })""".formatted(resource));
		return page;
	}

	private static void types(Page page, String text) {
		page.evaluate("""
				(() => { const field = document.getElementById('typed');
				field.value = field.value === 'The old text' ? '' : field.value; field.focus(); })()""");
		page.type(text);
	}

	private static void awaitDrafts(Page page, String resource, String texts) {
		awaitDrafts(page, resource, "Ines", texts);
	}

	private static void awaitDrafts(Page page, String resource, String user, String texts) {
		await().untilAsserted(() -> assertThat(page
			.evaluate("drafts.drafts('%s', { user: '%s' }).then((all) => all.map(({ value }) => value).join('|'))"
				.formatted(resource, user))
			.asString()).isEqualTo(texts));
	}

}
