package io.locky.sample;

import java.util.Optional;

import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What people need around a lock, with two or three of them at the same article.
 */
@RequiresBrowser
class PeopleBrowserTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(() -> RunningNewsroom.start("20s"));

	@Test
	void awayHolderGivesTheArticleBack() {
		String away = "--spring.application.json={'newsroom':{'idle-after':'4s','grace':'4s'}}".replace('\'', '"');
		try (RunningNewsroom impatient = RunningNewsroom.startWith(away)) {
			Person tom = newsroom.logsIn("Tom", impatient).opens(1);
			Person ines = newsroom.logsIn("Ines", impatient).edits(1);
			ines.typesIntoTheText(" Woof.");
			ines.page().sees("#notice", "Are you still there?");
			ines.page().sees("#countdown", "The article will be free in ");
			tom.page().sees("#more", "away since");
			ines.page().sees("#notice", "You were away, so the article is free.");
			tom.page().sees("#who", "Nobody is editing.");
			ines.page().press("Shift", 16);
			ines.page().sees("#notice", "Welcome back. Nobody has changed the article.");
			ines.page().sees("#who", "You are editing.");
			ines.page().waitsFor("document.getElementById('text').value.endsWith(' Woof.')");
			ines.page().sees("#saved", "Unsaved changes");
			ines.page().sees("#notice", "You were away");
			tom.edits(1).saves();
			tom.page().click("#close");
			ines.page().sees("#who", "Nobody is editing.");
			ines.page().press("Shift", 16);
			ines.page().sees("#notice", "While you were away, somebody changed the article.");
			assertThat(ines.draft()).endsWith(" Woof.");
			newsroom.browser().closeWindows();
		}
	}

	@Test
	void colleagueAsksAndGetsTheArticleWithTheText() {
		Person ines = logsIn("Ines").edits(2);
		ines.typesIntoTheText(" Not saved yet.");
		Person tom = logsIn("Tom").asks(2, "Only the headline");
		ines.page().sees("#asked-text", "Tom asks you to let go: “Only the headline”");
		ines.page().click("#now");
		tom.page().sees("#who", "You are editing.");
		ines.page().sees("#notice", "Tom has taken over");
		tom.page().sees("#kept-text", "Ines has left you an unsaved text.");
		assertThat(tom.draft()).endsWith(" Not saved yet.");
		tom.continuesWithTheText();
		tom.page().sees("#saved", "Unsaved changes");
		tom.saves();
		assertThat(newsroom.bean(ArticleStore.class).find(2).orElseThrow().text()).endsWith(" Not saved yet.");
	}

	@Test
	void askedHolderAnswersLaterOrNo() {
		Person ines = logsIn("Ines").edits(3);
		Person tom = logsIn("Tom").asks(3, "");
		ines.page().sees("#asked-text", "Tom asks you to let go.");
		ines.page().click("#later");
		tom.page().sees("#notice", "Ines will let go at ");
		assertThat(ines.canClick("#asked")).isFalse();
		tom.page().click("#ask");
		tom.page().sees("#ask", "Ask Ines to let go");
		Person yuki = logsIn("Yuki").asks(3, "Typo in line two");
		ines.page().click("#because");
		ines.page().type("I am nearly done");
		ines.page().press("Enter", 13);
		yuki.page().sees("#notice", "Ines keeps it: “I am nearly done”");
		ines.page().sees("#who", "You are editing.");
	}

	@Test
	void thoseWhoWaitTakeTurns() {
		Person ines = logsIn("Ines").edits(4);
		Person tom = logsIn("Tom").opens(4);
		tom.page().click("#wait");
		tom.page().sees("#notice", "You are 1st in line of 1.");
		Person yuki = logsIn("Yuki").opens(4);
		yuki.page().click("#wait");
		yuki.page().sees("#notice", "You are 2nd in line of 2.");
		yuki.opens(4).page().sees("#notice", "You are 2nd in line of 2.");
		ines.page().click("#close");
		tom.page().sees("#notice", "It is your turn.");
		tom.page().sees("#offer-left", "Take it within ");
		tom.page().click("#take-turn");
		tom.page().sees("#who", "You are editing.");
		yuki.page().sees("#notice", "You are 1st in line of 1.");
		tom.page().click("#close");
		yuki.page().click("#take-turn");
		yuki.page().sees("#who", "You are editing.");
	}

	@Test
	void everybodySeesWhoIsThere() {
		Person ines = logsIn("Ines").edits(5);
		Person tom = logsIn("Tom").opens(5);
		Person yuki = logsIn("Yuki").seesList();
		ines.page().sees("#people", "Tom is reading");
		tom.page().sees("#people", "Ines is editing");
		yuki.page().sees("[data-resource='article:5'] .people", "Tom is reading");
		tom.page().click("#wait");
		ines.page().sees("#people", "Tom is waiting");
		tom.page().close();
		ines.page().waitsFor("document.getElementById('people').hidden");
		yuki.page().waitsFor("document.querySelector(\"[data-resource='article:5'] .people\").hidden");
	}

	@Test
	void textSurvivesTheEndOfItsPageAndCanBeDiscarded() {
		Person ines = logsIn("Ines").edits(6);
		ines.typesIntoTheText(" Goal!");
		await().until(() -> ines.page()
			.evaluate("import('/locky/locky-drafts.js').then(({ drafts }) => drafts('article:6', { user: 'Ines' }))")
			.size() == 1);
		Person again = ines.opensTab();
		ines.page().close();
		again.opens(6);
		again.page().sees("#kept-text", "is not saved, but kept on this computer.");
		again.page().click("#discard");
		again.page().sees("#discarded", "The text is discarded.");
		again.page().click("#undo");
		assertThat(again.draft()).endsWith(" Goal!");
	}

	@Test
	void firstKeystrokeTakesTheLock() {
		Person ines = logsIn("Ines").opens(1);
		Person tom = logsIn("Tom").opens(1);
		ines.page().sees("#who", "Nobody is editing.");
		assertThat(holder(1)).isEmpty();
		ines.typesIntoTheText("!");
		ines.page().sees("#who", "You are editing.");
		ines.page().sees("#saved", "Unsaved changes");
		ines.page().waitsFor("document.activeElement.id === 'text' && document.activeElement.value.endsWith('!')");
		tom.page().sees("#who", "Ines is editing.");
		assertThat(holder(1)).hasValue("Ines");
	}

	@Test
	void everybodySeesWhoHeldIt() {
		logsIn("Yuki").edits(2).page().click("#close");
		logsIn("Ines").edits(2);
		Person vera = logsIn("Vera").takesOver(2, "We print now");
		vera.page().click("#holds summary");
		vera.page().sees("#holds-list", "You took it over: “We print now”");
		vera.page().sees("#holds-list li:nth-child(2)", "Yuki");
		vera.page().sees("#holds-list li:nth-child(2)", "closed it");
		Person tom = logsIn("Tom").opens(2);
		tom.page().click("#holds summary");
		tom.page().sees("#holds-list li", "Ines");
		vera.page().click("#close");
		tom.page().sees("#holds-list li", "Vera");
	}

	private static Optional<String> holder(long article) {
		return Optional.ofNullable(newsroom.bean(LockyTemplate.class).getLocker("article:" + article));
	}

	private static Person logsIn(String name) {
		return newsroom.logsIn(name);
	}

}
