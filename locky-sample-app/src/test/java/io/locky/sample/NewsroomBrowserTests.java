package io.locky.sample;

import java.time.Duration;
import java.util.stream.Stream;

import io.locky.browser.Chromium;
import io.locky.browser.RequiresBrowser;
import io.locky.core.LockyTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several users at work, each in a window of a real browser.
 */
@RequiresBrowser
class NewsroomBrowserTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(RunningNewsroom::start);

	private static RunningNewsroom second;

	@BeforeAll
	static void startSecond() {
		second = newsroom.running().startSecond();
	}

	@AfterAll
	static void stopSecond() {
		second.close();
	}

	@Test
	void colleagueSeesTheEditorAndTheRelease() {
		Person ines = logsIn("Ines").edits(1);
		Person tom = logsIn("Tom").opens(1);
		tom.page().sees("#who", "Ines is editing.");
		tom.page().sees("#more", "active now");
		tom.page().sees("#reading", "The ferry that would not leave");
		assertThat(tom.canClick("#save")).isFalse();
		assertThat(tom.canClick("#take")).isFalse();
		tom.page().click("#notify");
		tom.page().sees("#notify", "You will be notified");
		ines.writes("Bosun has a medal now.");
		ines.saves();
		ines.page().click("#close");
		tom.page().sees("#notice", "is free now");
		tom.page().sees("#reading", "Bosun has a medal now.");
		tom.page().click("#edit");
		tom.page().sees("#who", "You are editing.");
		ines.seesNoErrors();
		tom.seesNoErrors();
	}

	@Test
	void listIsLive() {
		Person yuki = logsIn("Yuki").seesList();
		Person ines = logsIn("Ines").edits(2);
		yuki.seesHolder(2, "Ines");
		yuki.page().sees("[data-resource='article:2'] .holder", "Ines is editing");
		yuki.page().sees("[data-resource='article:2'] .holder", "active now");
		ines.page().click("#close");
		yuki.seesHolder(2, "");
		yuki.seesNoErrors();
	}

	@Test
	void displacedEditorKeepsTheTextAndCannotSave() {
		Person tom = logsIn("Tom").edits(3);
		tom.writes("Onions are up, and I can prove it.");
		Person vera = logsIn("Vera").takesOver(3, "We print now");
		tom.page().sees("#notice", "Vera has taken over: “We print now”");
		assertThat(tom.draft()).contains("Onions are up, and I can prove it.");
		assertThat(tom.canClick("#save")).isFalse();
		vera.writes("Onions are what they are.");
		vera.saves();
		tom.seesNoErrors();
		vera.seesNoErrors();
	}

	@Test
	void saveIsRefusedBeforeThePageSeesTheTakeover() {
		Person vera = logsIn("Vera");
		Person yuki = logsIn("Yuki");
		yuki.page()
			.beforeLoading(
					"""
							const realFetch = window.fetch;
							window.fetch = (url, ...rest) => /heartbeat|query|events/.test(url) ? new Promise(() => {}) : realFetch(url, ...rest);""");
		yuki.edits(4).writes("Clocks, the final word.");
		vera.takesOver(4, "Deadline").writes("Clocks, by Vera.");
		yuki.page().click("#save");
		yuki.page().sees("#notice", "Vera has taken over: “Deadline”");
		assertThat(yuki.draft()).contains("Clocks, the final word.");
		assertThat(newsroom.bean(ArticleStore.class).find(4).orElseThrow().savedBy()).isNull();
	}

	@Test
	void lockBelongsToTheTab() {
		Person ines = logsIn("Ines").edits(1);
		Person tab = ines.opensTab().opens(1);
		tab.page().sees("#who", "You are editing in another tab");
		tab.page().click("#take");
		tab.page().sees("#who", "You are editing.");
		ines.page().sees("#notice", "You continued in another tab");
		assertThat(ines.canClick("#save")).isFalse();
	}

	@Test
	void closedTabFreesTheArticle() {
		Person yuki = logsIn("Yuki").seesList();
		Person tab = logsIn("Tom").opensTab().edits(5);
		yuki.seesHolder(5, "Tom");
		tab.page().close();
		yuki.seesHolder(5, "");
		yuki.page().sees(".strip", "Tom closed Fog, and how to walk in it");
	}

	@Test
	void killedBrowserFreesTheArticleAtTheEndOfItsLease() {
		Person ines = logsIn("Ines").seesList();
		try (Chromium other = Chromium.start()) {
			Person.logsIn(other, newsroom.running(), "Yuki").edits(6);
			ines.seesHolder(6, "Yuki");
			other.kill();
		}
		ines.page().sees("[data-resource='article:6'] .life", "no sign for");
		ines.seesHolder(6, "");
		ines.page().sees(".strip", "Yuki has gone silent");
	}

	@Test
	void connectionThatComesBackInTimeKeepsTheLock() {
		Person yuki = logsIn("Yuki").seesList();
		Person ines = logsIn("Ines").edits(2);
		ines.goesOffline(true);
		await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
		ines.goesOffline(false);
		await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
		yuki.seesHolder(2, "Ines");
		ines.writes("The line was down.");
		ines.saves();
	}

	@Test
	void laptopThatWakesUpChecksItsLock() {
		Person ines = logsIn("Ines").edits(3);
		// The page has just sent a heartbeat, and another one so soon would be refused.
		await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
		ines.sleepsAnHour();
		await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
		ines.page().sees("#who", "You are editing.");
		newsroom.bean(LockyTemplate.class).unlock("article:3");
		ines.sleepsAnHour();
		ines.page().waitsFor("!document.getElementById('save').checkVisibility()");
	}

	@Test
	void formOfAPageOfTheServerLocksAtTheFirstKeystroke() {
		Person ines = logsIn("Ines").opensHeadline(4);
		ines.page().waitsFor("document.forms[0].dataset.lockyState === 'idle'");
		assertThat(newsroom.bean(LockyTemplate.class).find("article:4")).isEmpty();
		ines.page().click("[name=title]");
		ines.page().type("!");
		ines.page().sees("[role=status]", "You are editing. Nobody else can save.");
		Person yuki = logsIn("Yuki").opensHeadline(4);
		yuki.page().click("[name=title]");
		yuki.page().type("?");
		yuki.page().sees("[role=status]", "Ines is editing this article.");
		yuki.page()
			.waitsFor("document.querySelector('[name=title]').readOnly && document.querySelector('.primary').disabled");
		ines.page().click(".primary");
		ines.page().waitsFor("location.pathname === '/'");
		assertThat(newsroom.bean(ArticleStore.class).find(4).orElseThrow().title()).contains("!").doesNotContain("?");
		yuki.page().sees("[role=status]", "The article is free now.");
		ines.seesNoErrors();
		assertThat(yuki.page().errors()).allMatch((error) -> error.contains("423"));
	}

	@Test
	void formThatLosesItsLockKeepsTheTextAndCannotSave() {
		Person tom = logsIn("Tom").opensHeadline(5);
		tom.page().click("[name=title]");
		tom.page().type("A better headline. ");
		tom.page().sees("[role=status]", "You are editing.");
		logsIn("Vera").takesOver(5, "We print now");
		tom.page().sees("[role=status]", "Vera has taken over: “We print now”");
		tom.page().waitsFor("document.querySelector('[name=title]').value.includes('A better headline.')");
		tom.page()
			.waitsFor("document.querySelector('[name=title]').readOnly && document.querySelector('.primary').disabled");
		assertThat(tom.page().evaluate("document.forms[0].elements.fence.value").asString()).isEmpty();
	}

	@Test
	void formInAnotherTabCanBeContinued() {
		Person ines = logsIn("Ines").opensHeadline(6);
		ines.page().click("[name=title]");
		ines.page().type("One ");
		ines.page().sees("[role=status]", "You are editing.");
		Person tab = ines.opensTab().opensHeadline(6);
		tab.page().click("[name=title]");
		tab.page().type("Two ");
		tab.page().sees("[role=status]", "You are editing this article in another tab.");
		tab.page().click("[data-locky-takeover]");
		tab.page().sees("[role=status]", "You are editing. Nobody else can save.");
		ines.page().sees("[role=status]", "You are editing this article in another tab.");
		tab.page().click(".primary");
		tab.page().waitsFor("location.pathname === '/'");
		assertThat(newsroom.bean(ArticleStore.class).find(6).orElseThrow().title()).contains("Two")
			.doesNotContain("One");
	}

	@Test
	void instancesShowAllEventsAndPrintTheEditionOnce() {
		Person here = logsIn("Ines").seesList();
		Person there = newsroom.logsIn("Tom", second).seesList();
		String date = "2026-11-24T03:00";
		long runs = Stream.of(newsroom.running(), second)
			.parallel()
			.filter((each) -> each.bean(NightShift.class).print(date))
			.count();
		assertThat(runs).isOne();
		logsIn("Yuki").edits(5).page().click("#close");
		for (Person person : new Person[] { here, there }) {
			person.page().sees(".strip", "The 03:00 edition is printed");
			person.page().sees(".strip", "Yuki closed");
			person.page().click("#details");
			person.page().sees(".strip", "from newsroom-8080");
			person.seesNoErrors();
		}
	}

	private static Person logsIn(String name) {
		return newsroom.logsIn(name);
	}

}
