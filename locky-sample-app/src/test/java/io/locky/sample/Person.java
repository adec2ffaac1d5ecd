package io.locky.sample;

import java.util.Map;

import io.locky.browser.Chromium;
import io.locky.browser.Page;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A user of the newsroom, in a window of their own.
 *
 * @param name the name of the user
 * @param url the address of the newsroom
 * @param page the page in the window
 */
record Person(String name, String url, Page page) {

	static Person logsIn(Chromium browser, RunningNewsroom newsroom, String name) {
		Person person = new Person(name, newsroom.url(), browser.newUser());
		person.page.go(person.url);
		person.page.click(".person[value=%s]".formatted(name));
		person.page.sees(".me", name);
		return person;
	}

	Person opensTab() {
		return new Person(this.name, this.url, this.page.newWindow());
	}

	Person seesList() {
		this.page.go(this.url + "/");
		this.page.waitsFor("document.querySelectorAll('.articles > li').length === 6");
		return this;
	}

	Person opens(long article) {
		this.page.go(this.url + "/article.html?id=" + article);
		this.page
			.waitsFor("location.search === '?id=%d' && document.body.dataset.state !== 'loading'".formatted(article));
		return this;
	}

	/** The page of the server for the headline alone. */
	Person opensHeadline(long article) {
		this.page.go(this.url + "/articles/%d/headline".formatted(article));
		this.page.waitsFor("location.pathname === '/articles/%d/headline' && document.forms[0].dataset.lockyState"
			.formatted(article));
		return this;
	}

	Person edits(long article) {
		opens(article).page.click("#edit");
		this.page.sees("#who", "You are editing.");
		return this;
	}

	Person takesOver(long article, String reason) {
		opens(article).page.click("#take");
		this.page.type(reason);
		this.page.press("Enter", 13);
		this.page.sees("#who", "You are editing.");
		return this;
	}

	/** Asks the holder to let go. */
	Person asks(long article, String note) {
		opens(article).page.click("#ask");
		this.page.waitsFor("document.getElementById('ask-dialog').open");
		this.page.type(note);
		this.page.press("Enter", 13);
		this.page.sees("#notice", "You have asked");
		return this;
	}

	void writes(String text) {
		this.page.evaluate("document.getElementById('text').focus()");
		this.page.evaluate("document.getElementById('text').select()");
		this.page.type(text);
	}

	/** Types at the end of the text, as a user does who has just read it. */
	void typesIntoTheText(String text) {
		this.page.evaluate("document.getElementById('text').focus()");
		this.page.evaluate("document.getElementById('text').setSelectionRange(20000, 20000)");
		this.page.type(text);
	}

	void saves() {
		this.page.click("#save");
		this.page.sees("#saved", "Saved at");
	}

	/** The text in the form. */
	String text() {
		return this.page.evaluate("document.getElementById('text').value").asString();
	}

	/** Puts the unsaved text that the page kept back into the form. */
	Person continuesWithTheText() {
		this.page.click("#continue");
		this.page.waitsFor("document.getElementById('kept').hidden");
		return this;
	}

	/** The unsaved text that the page kept, as compared with the saved one. */
	String draft() {
		this.page.click("#compare[aria-expanded=false]");
		return this.page
			.evaluate("[...document.getElementById('pieces').childNodes].filter((each) => each.nodeName !== 'DEL')"
					+ ".map((each) => each.textContent).join('')")
			.asString();
	}

	void hasWindow(int width, int height) {
		this.page.send("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
	}

	/** As if the session had ended. */
	void losesTheSession() {
		this.page.send("Network.clearBrowserCookies", Map.of());
	}

	String styleOf(String selector, String property) {
		return this.page
			.evaluate("getComputedStyle(document.querySelector(`%s`)).getPropertyValue('%s')".formatted(selector,
					property))
			.asString();
	}

	void goesOffline(boolean offline) {
		this.page.send("Network.enable", Map.of());
		this.page.send("Network.emulateNetworkConditions",
				Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	/** Moves only the clock of the page: for all others no time passes. */
	void sleepsAnHour() {
		this.page.evaluate("(() => { const now = Date.now; Date.now = () => now() + 3600000; })()");
		this.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
	}

	boolean canClick(String selector) {
		return this.page.evaluate("document.querySelector('%s').checkVisibility()".formatted(selector)).asBoolean();
	}

	/** Waits until the list shows the holder of an article; empty if it is free. */
	void seesHolder(long article, String holder) {
		this.page.waitsFor("(document.querySelector('[data-resource=\"article:%d\"]').dataset.holder ?? '') === '%s'"
			.formatted(article, holder));
	}

	void seesNoErrors() {
		assertThat(this.page.errors()).isEmpty();
	}

}
