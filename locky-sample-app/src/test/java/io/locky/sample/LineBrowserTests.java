package io.locky.sample;

import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import io.locky.people.LinePlace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Three people who want the same article, each in a browser of their own.
 */
@RequiresBrowser
class LineBrowserTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(
			() -> RunningNewsroom.start("20s", "--locky.line.enabled=true", "--locky.line.offer=5s"));

	@AfterEach
	void emptyLine() {
		newsroom.browser().closeWindows();
		locks().unlock("article:1");
		locks().line().places("article:1").forEach((place) -> locks().line().leave("article:1", place.locker()));
	}

	private static LockyTemplate locks() {
		return newsroom.bean(LockyTemplate.class);
	}

	/** A page that does nothing by itself, with the modules. */
	private static Page page(String name) {
		return modules(newsroom.logsIn(name).page());
	}

	private static Page modules(Page page) {
		page.go(newsroom.url() + "/login.html");
		page.waitsFor("location.pathname === '/login.html' && document.readyState === 'complete'");
		page.evaluate("""
				Object.assign(window, { places: [], offers: [], lost: [], lock: null });
				Promise.all([import('/locky/locky.js'), import('/locky/locky-line.js')])
					.then(([locky, line]) => { Object.assign(window, { locky, line }); })""");
		page.waitsFor("window.line");
		return page;
	}

	private static void acquire(Page page) {
		page.evaluate("locky.acquire('article:1').then((lock) => { window.lock = lock; })");
		page.waitsFor("lock?.held");
	}

	private static void join(Page page) {
		page.evaluate("""
				window.place = line.joinLine('article:1', { onPlace: (place) => places.push(place),
					onOffer: (offer) => offers.push(offer), onLost: () => lost.push(1) })""");
		page.waitsFor("places.length");
	}

	@Test
	void turnGoesFromOneToTheNext() {
		Page ines = page("Ines");
		Page tom = page("Tom");
		Page vera = page("Vera");
		acquire(ines);
		join(tom);
		join(vera);
		vera.waitsFor("places.at(-1).position === 2 && places.at(-1).length === 2");
		ines.evaluate("lock.release()");
		tom.waitsFor("offers.length === 1 && offers[0].secondsLeft > 0");
		assertThat(ines.evaluate("locky.acquire('article:1').catch(({ code, holder }) => `${code} ${holder.locker}`)")
			.asString()).isEqualTo("locked Tom");
		tom.evaluate("offers[0].take().then((lock) => { window.lock = lock; })");
		tom.waitsFor("lock?.held");
		vera.waitsFor("places.at(-1).position === 1");
		tom.evaluate("lock.release()");
		vera.waitsFor("offers.length === 1");
		vera.evaluate("offers[0].take().then((lock) => { window.lock = lock; })");
		vera.waitsFor("lock?.held");
		assertThat(tom.evaluate("lost.length").asInt()).isZero();
		assertThat(locks().line().places("article:1")).isEmpty();
	}

	@Test
	void offerThatIsNotTakenGoesToTheNext() {
		Page ines = page("Ines");
		Page tom = page("Tom");
		Page vera = page("Vera");
		acquire(ines);
		join(tom);
		join(vera);
		ines.evaluate("lock.release()");
		tom.waitsFor("offers.length === 1");
		vera.waitsFor("offers.length === 1");
		tom.waitsFor("lost.length === 1");
		assertThat(locks().line().places("article:1")).extracting(LinePlace::locker).containsExactly("Vera");
	}

	@Test
	void pageThatIsLoadedAgainKeepsItsPlace() {
		Page ines = page("Ines");
		Page tom = page("Tom");
		Page vera = page("Vera");
		acquire(ines);
		join(tom);
		join(vera);
		modules(tom);
		join(tom);
		assertThat(tom.evaluate("places[0].position").asInt()).isEqualTo(1);
		tom.evaluate("place.leave()");
		await().until(() -> locks().line().places("article:1").size() == 1);
		vera.waitsFor("places.at(-1).position === 1");
	}

}
