package io.locky.sample;

import java.util.List;
import java.util.Map;

import io.locky.browser.Chromium;
import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page of an article says, keeps and looks like.
 */
@RequiresBrowser
class ArticlePageBrowserTests {

	private static final String FOCUSED = "document.activeElement.closest('[id]')?.id === '%s'";

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(RunningNewsroom::start);

	@Test
	void holderIsActiveNowAndLaterThereIsNoSign() {
		Person tom = logsIn("Tom");
		try (Chromium other = Chromium.start()) {
			Person.logsIn(other, newsroom.running(), "Yuki").edits(1);
			tom.opens(1).page().sees("#more", "active now");
			other.kill();
		}
		tom.page().waitsFor("/no sign for [3-6] s/.test(document.getElementById('more').textContent)");
		assertThat(tom.page().evaluate("document.body.classList.contains('silent')").asBoolean()).isTrue();
		tom.page().sees("#who", "Nobody is editing.");
	}

	@Test
	void technicalDetailsAreShownOnRequestAndRemembered() {
		Person ines = logsIn("Ines").edits(1);
		assertThat(ines.canClick(".instance")).isFalse();
		assertThat(ines.page().text("main")).doesNotContain("fence");
		ines.page().click("#details");
		ines.page().sees(".instance", "newsroom-8080");
		ines.page().sees("#grant", "fence ");
		logsIn("Tom").edits(2);
		ines.seesList().page().sees(".instance", "newsroom-8080");
		ines.page().sees(".strip", "from newsroom-8080");
		ines.page().sees("[data-resource='article:2'] .holder", "fence ");
		ines.page().click("#details");
		ines.page().waitsFor("!document.querySelector('.technical').checkVisibility()");
		assertThat(ines.seesList().canClick(".instance")).isFalse();
	}

	@Test
	void unsavedChangesAreShownUntilTheSave() {
		Person ines = logsIn("Ines").edits(2);
		assertThat(ines.page().text("#saved")).isEmpty();
		ines.writes("A bridge, again.");
		ines.page().sees("#saved", "Unsaved changes");
		ines.page().click("#save");
		ines.page().waitsFor("/^Saved at \\d\\d:\\d\\d$/.test(document.getElementById('saved').textContent)");
		ines.writes("A bridge, once more.");
		ines.page().sees("#saved", "Unsaved changes");
	}

	@Test
	void textOfALostLockIsComparedAndContinued() {
		Person tom = logsIn("Tom").edits(3);
		tom.writes("Onions, says Tom.");
		Person vera = logsIn("Vera").takesOver(3, "We print now");
		tom.page().sees("#message", "Vera has taken over: “We print now”. You can no longer save.");
		vera.writes("Onions, says Vera.");
		vera.saves();
		tom.page().sees("#continue", "Continue when it is free");
		assertThat(tom.page().evaluate("document.getElementById('continue').disabled").asBoolean()).isTrue();
		vera.page().click("#close");
		tom.page().sees("#notice", "The article is free again.");
		assertThat(tom.draft()).contains("Onions, says Tom.");
		assertThat(tom.page().text("#pieces del")).contains("Vera");
		tom.continuesWithTheText();
		tom.page().sees("#who", "You are editing.");
		tom.page().sees("#saved", "Unsaved changes");
		assertThat(tom.canClick("#message")).isFalse();
		tom.saves();
		assertThat(newsroom.bean(ArticleStore.class).find(3).orElseThrow().text()).isEqualTo("Onions, says Tom.");
	}

	@Test
	void loginReturnsToTheArticleWithTheText() {
		Person ines = logsIn("Ines").edits(4);
		ines.writes("Clocks, unsaved.");
		ines.losesTheSession();
		ines.page().sees("#notice", "You have been logged out.");
		assertThat(ines.draft()).contains("Clocks, unsaved.");
		ines.page().click("#login");
		ines.page().click(".person[value=Ines]");
		ines.page().waitsFor("location.pathname + location.search.split('&')[0] === '/article.html?id=4'");
		ines.page().sees("#message", "There is a text that you have not saved.");
		ines.continuesWithTheText().saves();
		assertThat(ines.text()).isEqualTo("Clocks, unsaved.");
	}

	@Test
	void pageWithoutASessionReturnsToItselfAfterTheLogin() {
		Person ines = logsIn("Ines").seesList();
		ines.losesTheSession();
		ines.page().go(newsroom.url() + "/article.html?id=5");
		ines.page().click(".person[value=Ines]");
		ines.page().waitsFor("location.pathname + location.search.split('&')[0] === '/article.html?id=5'");
		ines.page().sees("#who", "Nobody is editing.");
		ines.losesTheSession();
		ines.page().click(".person[value=Ines]");
		ines.page().waitsFor("location.pathname + location.search.split('&')[0] === '/article.html?id=5'");
	}

	@Test
	void missingArticleHasAPageWithAWayBack() {
		Person ines = logsIn("Ines");
		ines.page().go(newsroom.url() + "/article.html?id=99");
		ines.page().sees("h1", "There is no such article");
		ines.page().sees(".me", "Ines");
		ines.page().click(".back");
		ines.page().waitsFor("document.querySelectorAll('.articles > li').length === 6");
	}

	@Test
	void takeoverSaysHowLongSheHasBeenEditingAndWhenSheSaved() {
		Person ines = logsIn("Ines").edits(5);
		Person vera = logsIn("Vera").opens(5);
		vera.page().click("#take");
		vera.page().sees("#takeover-text", "Ines has been editing for less than a minute, and has not saved since.");
		vera.page().click("#cancel");
		ines.writes("Fog, as seen by Ines.");
		ines.saves();
		vera.page().click("#take");
		vera.page().sees("#takeover-text", "and saved last at " + ines.page().text("#saved").substring(9));
	}

	@Test
	void outageIsTheOnlyMessageUntilItIsOver() {
		Person ines = logsIn("Ines").edits(6);
		ines.goesOffline(true);
		ines.page().sees("#notice", "The newsroom is not responding.");
		assertThat(ines.page().evaluate("document.querySelector('.message').matches('.trouble')").asBoolean()).isTrue();
		ines.goesOffline(false);
		ines.page().waitsFor("document.getElementById('message').hidden");
		ines.page().sees("#who", "You are editing.");
	}

	@Test
	void focusIsNeverLost() {
		Person vera = logsIn("Vera");
		Person ines = logsIn("Ines").edits(1);
		ines.page().waitsFor(FOCUSED.formatted("text"));
		vera.opens(1).page().click("#take");
		vera.page().waitsFor(FOCUSED.formatted("reason"));
		vera.page().press("Escape", 27);
		vera.page().waitsFor(FOCUSED.formatted("take"));
		vera.page().click("#notify");
		ines.page().click("#close");
		vera.page().waitsFor(FOCUSED.formatted("message"));
		vera.page().click("#edit");
		vera.page().waitsFor(FOCUSED.formatted("text"));
		newsroom.bean(LockyTemplate.class).unlock("article:1");
		vera.page().sees("#who", "Nobody is editing.");
		vera.page().waitsFor(FOCUSED.formatted("text"));
		newsroom.bean(LockyTemplate.class).lock("article:1", "Tom");
		vera.page().sees("#who", "Tom is editing.");
		vera.page().waitsFor(FOCUSED.formatted("message"));
	}

	@Test
	void deskIsOneLineOnAPhone() {
		Person ines = logsIn("Ines");
		ines.hasWindow(360, 640);
		ines.edits(2).writes("A bridge on a phone.");
		ines.page().sees("#saved", "Unsaved changes");
		Person vera = logsIn("Vera");
		vera.hasWindow(360, 640);
		vera.opens(2);
		for (Person person : List.of(ines, vera)) {
			assertThat(person.page().evaluate("document.getElementById('desk').offsetHeight").asInt()).isLessThan(60);
			assertThat(person.page().evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(360);
		}
		assertThat(vera.page().text("#desk")).contains("Ines is editing.");
	}

	@Test
	void nothingSticksInALowWindow() {
		Person ines = logsIn("Ines").edits(3);
		assertThat(ines.styleOf(".top", "position")).isEqualTo("sticky");
		ines.hasWindow(1200, 400);
		assertThat(ines.styleOf(".top", "position")).isEqualTo("static");
		assertThat(ines.styleOf(".strip", "position")).isEqualTo("static");
	}

	@Test
	void stateIsVisibleInForcedColours() {
		Person ines = logsIn("Ines").edits(4);
		ines.page()
			.send("Emulation.setEmulatedMedia",
					Map.of("features", List.of(Map.of("name", "forced-colors", "value", "active"))));
		assertThat(ines.styleOf(".ring", "border-top-style")).isEqualTo("double");
		assertThat(ines.styleOf(".face", "border-top-width")).isEqualTo("2px");
		ines.writes("Clocks in high contrast.");
		newsroom.bean(LockyTemplate.class).unlock("article:4");
		ines.page().sees("#notice", "Your lock has ended.");
		assertThat(ines.styleOf(".message", "border-left-width")).isEqualTo("8px");
	}

	private static Person logsIn(String name) {
		return newsroom.logsIn(name);
	}

}
