package io.locky.sample;

import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * People who are away from their pages, and those who only read, in a real browser.
 */
@RequiresBrowser
class AttentionBrowserTests {

	private static final long ARTICLE = 1;

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(RunningNewsroom::start);

	private static LockyTemplate locks;

	@BeforeAll
	static void findLocks() {
		locks = newsroom.bean(LockyTemplate.class);
	}

	@Test
	void otherPersonGetsTheLockOfSomebodyWhoIsAway() {
		Page ines = opens("Ines");
		Page tom = opens("Tom");
		watches(tom);
		edits(ines, "idleAfter: 2, grace: 6");
		tom.waitsFor("state.held && !state.holder.idleSince");
		ines.waitsFor("seen.includes(3)");
		tom.waitsFor("state.held && Date.parse(state.holder.idleSince) > 0");
		ines.waitsFor("seen.at(-1) === 'released' && !lock.held");
		tom.waitsFor("state && !state.held");
		tom.evaluate("locky.acquire('article:1').then((lock) => { window.lock = lock; })");
		long fence = tom.evaluate("lock.fence").asLong();
		newsroom.bean(ArticleStore.class).save(ARTICLE, "Harbour", "By Tom", "Tom", fence);
		tom.evaluate("lock.release()");
		ines.press("a", 65);
		ines.waitsFor("back");
		assertThat(ines.evaluate("`${back.unchanged} ${back.lock} ${attention.lock}`").asString())
			.isEqualTo("false null null");
		assertThat(locks.getLocker("article:1")).isNull();
		// A report that follows a heartbeat within a second is repeated.
		assertThat(ines.errors()).allMatch((error) -> error.contains("429"));
	}

	@Test
	void personWhoIsBackInTimeKeepsTheLock() {
		Page ines = opens("Ines");
		Page tom = opens("Tom");
		watches(tom);
		edits(ines, "idleAfter: 2, grace: 30");
		long fence = ines.evaluate("lock.fence").asLong();
		ines.waitsFor("seen.includes(28)");
		tom.waitsFor("state.holder?.idleSince");
		ines.press("a", 65);
		ines.waitsFor("seen.at(-1) === 'active' || seen.includes('active')");
		tom.waitsFor("state.held && !state.holder.idleSince");
		assertThat(locks.find("article:1").orElseThrow().fence()).isEqualTo(fence);
		assertThat(ines.evaluate("seen.includes('released')").asBoolean()).isFalse();
	}

	@Test
	void personWhoIsBackBeforeAnybodyElseGoesOn() {
		Page ines = opens("Ines");
		edits(ines, "idleAfter: 2, grace: 2");
		long fence = ines.evaluate("lock.fence").asLong();
		ines.waitsFor("seen.at(-1) === 'released'");
		assertThat(locks.getLocker("article:1")).isNull();
		ines.click("body");
		ines.waitsFor("back?.unchanged && attention.lock?.held");
		assertThat(locks.find("article:1").orElseThrow().fence()).isGreaterThan(fence)
			.isEqualTo(ines.evaluate("attention.lock.fence").asLong());
	}

	@Test
	void lockIsTakenWithTheFirstKeystrokeWhichStays() {
		Page ines = opens("Ines");
		reads(ines);
		ines.click("#field");
		assertThat(locks.getLocker("article:1")).isNull();
		ines.type("S");
		ines.waitsFor("taken?.held");
		assertThat(ines.evaluate("field.value").asString()).isEqualTo("S");
		assertThat(locks.getLocker("article:1")).isEqualTo("Ines");
	}

	@Test
	void refusedKeystrokeIsKeptAndCanBeTakenBack() {
		locks.lock("article:1", "Tom");
		Page ines = opens("Ines");
		reads(ines);
		ines.evaluate("field.value = 'Before'; editable.textContent = 'Rich'");
		ines.click("#field");
		ines.press("End", 35);
		ines.type("!");
		ines.waitsFor("refused");
		assertThat(ines.evaluate("[field.value, field.readOnly, editable.isContentEditable, refused.error.code].join()")
			.asString()).isEqualTo("Before!,true,false,locked");
		ines.evaluate("refused.restore(); refused.thaw()");
		assertThat(
				ines.evaluate("[field.value, field.readOnly, editable.isContentEditable, editable.textContent].join()")
					.asString())
			.isEqualTo("Before,false,true,Rich");
		assertThat(locks.getLocker("article:1")).isEqualTo("Tom");
	}

	@Test
	void inputIntoAnEditableElementTakesTheLock() {
		Page ines = opens("Ines");
		reads(ines);
		ines.click("#editable");
		ines.type("S");
		ines.waitsFor("taken?.held");
		assertThat(ines.text("#editable")).contains("S");
	}

	/** A page that does nothing by itself, with the modules. */
	private static Page opens(String name) {
		Page page = newsroom.logsIn(name).page();
		page.go(newsroom.url() + "/login.html");
		page.waitsFor("location.pathname === '/login.html' && document.readyState === 'complete'");
		page.evaluate("""
				Promise.all([import('/locky/locky.js'), import('/locky/locky-attention.js')])
					.then((modules) => { window.locky = Object.assign({}, ...modules); })""");
		return page;
	}

	private static void watches(Page page) {
		page.evaluate("locky.watch(['article:1'], (state) => { window.state = state; }, "
				+ "{ onLive: (live) => { window.live = live; } }) && 0");
		page.waitsFor("window.live");
	}

	private static void edits(Page page, String times) {
		page.evaluate("""
				(async () => {
					const read = async () => (await (await fetch('/api/articles/1')).json()).text;
					const before = await read();
					Object.assign(window, { seen: [], back: null, lock: await locky.acquire('article:1') });
					window.attention = locky.watchAttention(lock, {
						%s,
						onIdle: ({ secondsLeft }) => seen.push(secondsLeft),
						onActive: () => seen.push('active'),
						onReleased: () => seen.push('released'),
						onBack: (found) => { window.back = found; },
						isUnchanged: async () => await read() === before,
					});
				})()""".formatted(times));
	}

	private static void reads(Page page) {
		page.evaluate("""
				document.body.insertAdjacentHTML('afterbegin',
					'<div id=part><textarea id=field></textarea><div id=editable contenteditable>Text</div></div>');
				Object.assign(window, { taken: null, refused: null });
				locky.acquireOnInput(document.getElementById('part'), 'article:1', {
					onAcquired: (lock) => { window.taken = lock; },
					onRefused: (refusal) => { window.refused = refusal; },
				}) && 0""");
	}

}
