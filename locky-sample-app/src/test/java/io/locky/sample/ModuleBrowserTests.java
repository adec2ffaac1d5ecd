package io.locky.sample;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.locky.LockAttempt;
import io.locky.LockHandle;
import io.locky.LockRequest;
import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the browser module does with the tabs of one browser, over HTTP/1.1.
 */
@RequiresBrowser
class ModuleBrowserTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(RunningNewsroom::start);

	@Test
	void twentyWindowsShareAStreamAndNothingStarves() {
		Page editor = module(logsIn("Ines"));
		List<Page> windows = Stream.generate(() -> module(editor.newWindow())).limit(20).toList();
		for (int i = 0; i < windows.size(); i++) {
			watch(windows.get(i), "'article:1', 'article:%d'".formatted(100 + i));
		}
		acquire(editor, "article:1");
		windows.forEach((page) -> page.waitsFor("states['article:1']?.own && live"));
		await().untilAsserted(() -> assertThat(open("/locky/events", windows)).isOne());
		await().pollDelay(Duration.ofSeconds(7)).until(() -> true);
		assertThat(editor.evaluate("lock.held").asBoolean()).isTrue();
		assertThat(windows)
			.allSatisfy((page) -> assertThat(page.evaluate("fetch('/api/me').then(({ status }) => status)").asInt())
				.isEqualTo(200));
		editor.evaluate("lock.release()");
		windows.forEach((page) -> page.waitsFor("!states['article:1'].held && live"));
	}

	@Test
	void nextWindowLeadsWhenTheLeaderGoes() {
		Page first = module(logsIn("Ines"));
		watch(first, "'article:1'");
		first.waitsFor("live");
		Page second = module(first.newWindow());
		watch(second, "'article:2'");
		second.waitsFor("live");
		assertThat(second.openRequests("/locky/events")).isZero();
		first.close();
		await().until(() -> second.openRequests("/locky/events") == 1);
		second.waitsFor("live");
		acquire(second, "article:2");
		second.waitsFor("states['article:2'].own && live");
	}

	@Test
	void hiddenTabsCostNothing() {
		Page hidden = module(logsIn("Ines"));
		watch(hidden, "'article:1'");
		hidden.waitsFor("live");
		Page front = module(hidden.newTab());
		hidden.waitsFor("document.hidden");
		await().until(() -> hidden.openRequests("/locky/") == 0);
		long before = hidden.requests("/locky/");
		acquire(front, "article:1");
		await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
		assertThat(hidden.requests("/locky/")).isEqualTo(before);
		assertThat(hidden.evaluate("states['article:1'].held").asBoolean()).isFalse();
		hidden.toFront();
		hidden.waitsFor("states['article:1'].own && live");
	}

	@Test
	void tabThatWantsToNotifyWatchesWhileItIsHidden() {
		Page hidden = module(logsIn("Ines"));
		hidden.evaluate(
				"window.stop = locky.watch(['article:1'], (state) => { window.seen = state; }, { hidden: true, onLive: (now) => { live = now; } })");
		Page front = module(hidden.newTab());
		hidden.waitsFor("document.hidden && seen");
		acquire(front, "article:1");
		hidden.waitsFor("seen.held && live");
	}

	@Test
	void duplicatedTabDoesNotShareTheGrant() {
		Page first = module(logsIn("Ines"));
		acquire(first, "article:1");
		long fence = first.evaluate("lock.fence").asLong();
		Page duplicate = module(first.newWindow());
		assertThat(duplicate
			.evaluate("locky.adopt('article:1', %d).catch(({ code, own, holder }) => `${code} ${own} ${holder.fence}`)"
				.formatted(fence))
			.asString()).isEqualTo("locked true " + fence);
		assertThat(first.evaluate("lock.check()").asBoolean()).isTrue();
		duplicate.evaluate("locky.takeOver('article:1', %d).then((lock) => { window.lock = lock; })".formatted(fence));
		first.waitsFor("lost.length");
		assertThat(duplicate.evaluate("lock.check()").asBoolean()).isTrue();
	}

	@Test
	void grantOfTheServerIsAdopted() {
		Page page = module(logsIn("Ines"));
		LockHandle grant = acquireOnServer("article:5");
		page.evaluate("locky.adopt('article:5', %d).then((lock) => { window.lock = lock; })".formatted(grant.fence()));
		assertThat(page.evaluate("lock.held").asBoolean()).isTrue();
		page.evaluate("lock.release()");
		assertThat(newsroom.bean(LockyTemplate.class).find("article:5")).isEmpty();
	}

	@Test
	void logoutIsReportedOnceAndALoginGoesOn() {
		Person ines = logsIn("Ines");
		Page page = module(ines);
		watch(page, "'article:1', 'article:2'");
		page.waitsFor("live");
		acquire(page, "article:1");
		Page other = ines.page().newWindow();
		other.go(newsroom.url() + "/");
		other.click("form button.link");
		other.waitsFor("location.pathname === '/login.html'");
		page.waitsFor("lost.length && errors.length");
		long requests = page.requests("/locky/");
		await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
		assertThat(page.requests("/locky/")).isEqualTo(requests);
		assertThat(page.evaluate("errors.join()").asString()).isEqualTo("unauthenticated");
		// The logout also releases the lock, which the stream may report first.
		assertThat(page.evaluate("lost.join()").asString()).isIn("unauthenticated", "ended");
		other.click(".person[value=Ines]");
		other.sees(".me", "Ines");
		page.evaluate("locky.resume()");
		page.waitsFor("live");
		acquire(page, "article:2");
		page.waitsFor("states['article:2'].own");
	}

	@Test
	void clockThatIsSetBackDoesNotKeepADeadLock() {
		Page page = module(logsIn("Ines"));
		acquire(page, "article:3");
		page.evaluate("(() => { const now = Date.now; Date.now = () => now() - 3600000; })()");
		page.evaluate("window.fetch = () => Promise.reject(new TypeError('offline'))");
		page.waitsFor("lost.length");
		assertThat(page.evaluate("`${lost} ${lock.held}`").asString()).isEqualTo("unreachable false");
	}

	@Test
	void malformedCookieIsSentAsItIs() {
		Page page = module(logsIn("Ines"));
		page.evaluate("document.cookie = 'XSRF-TOKEN=%E0%A4%A; path=/'");
		acquire(page, "article:4");
		page.waitsFor("lock.held");
	}

	@Test
	void formThatComesAndGoesIsLockedAndReleased() {
		Page page = module(logsIn("Ines"));
		insertForm(page, "");
		page.waitsFor("form.dataset.lockyState === 'mine' && Number(form.elements.fence.value) > 0");
		assertThat(newsroom.bean(LockyTemplate.class).getLocker("article:6")).isEqualTo("Ines");
		page.evaluate("form.remove()");
		await().until(() -> newsroom.bean(LockyTemplate.class).find("article:6").isEmpty());
	}

	@Test
	void formAdoptsTheGrantOfTheServer() {
		Page page = module(logsIn("Ines"));
		long fence = acquireOnServer("article:6").fence();
		insertForm(page, "<input type=hidden name=fence value=%d>".formatted(fence));
		page.waitsFor("form.dataset.lockyState === 'mine' && Number(form.elements.fence.value) === " + fence);
	}

	@Test
	void formIsSentOnlyWithTheLock() {
		Page page = module(logsIn("Ines"));
		insertForm(page, "data-locky-on=input", "");
		page.evaluate("""
				form.addEventListener('submit', (event) => {
					event.preventDefault();
					(window.sent ??= []).push(form.elements.fence.value);
				});
				form.requestSubmit();""");
		page.waitsFor("window.sent");
		assertThat(page.evaluate("sent.join()").asString())
			.isEqualTo(String.valueOf(newsroom.bean(LockyTemplate.class).find("article:6").orElseThrow().fence()));
	}

	private static void insertForm(Page page, String fields) {
		insertForm(page, "", fields);
	}

	private static void insertForm(Page page, String attributes, String fields) {
		page.evaluate("import('/locky/locky-form.js')");
		page.evaluate("""
				document.body.insertAdjacentHTML('beforeend',
					`<form data-locky-resource="article:6" %s><input name=title>%s</form>`);
				window.form = document.querySelector('[data-locky-resource]');""".formatted(attributes, fields));
		page.waitsFor("form.dataset.lockyState");
	}

	private static LockHandle acquireOnServer(String resource) {
		return ((LockAttempt.Acquired) newsroom.bean(LockyTemplate.class).tryLock(LockRequest.of(resource).by("Ines")))
			.handle();
	}

	private static Person logsIn(String name) {
		return newsroom.logsIn(name);
	}

	private static Page module(Person person) {
		return module(person.page());
	}

	/** A page that does nothing by itself, with the module. */
	private static Page module(Page page) {
		page.go(newsroom.url() + "/login.html");
		page.waitsFor("location.pathname === '/login.html' && document.readyState === 'complete'");
		page.evaluate("""
				Object.assign(window, { states: {}, errors: [], lost: [], live: false });
				import('/locky/locky.js').then((module) => { window.locky = module; })""");
		return page;
	}

	private static void watch(Page page, String resources) {
		page.evaluate("""
				window.stop = locky.watch([%s], (state) => { states[state.resource] = state; },
					{ onError: ({ code }) => errors.push(code), onLive: (now) => { live = now; } })"""
			.formatted(resources));
	}

	private static void acquire(Page page, String resource) {
		page.evaluate(
				"""
						locky.acquire('%s', { onLost: ({ reason }) => lost.push(reason) }).then((lock) => { window.lock = lock; })"""
					.formatted(resource));
	}

	private static long open(String path, List<Page> pages) {
		return pages.stream().mapToLong((page) -> page.openRequests(path)).sum();
	}

}
