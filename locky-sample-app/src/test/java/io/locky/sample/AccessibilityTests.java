package io.locky.sample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import io.locky.browser.Page;
import io.locky.browser.RequiresBrowser;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every page of the sample in each of its states, checked by axe-core, in light and dark
 * colours.
 */
@RequiresBrowser
class AccessibilityTests {

	@RegisterExtension
	static final OpenNewsroom newsroom = new OpenNewsroom(() -> RunningNewsroom.start("60s"));

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void pagesHaveNoViolations(String scheme) throws IOException {
		Page login = newsroom.browser().newUser();
		login.prefers(scheme);
		login.go(newsroom.url() + "/login.html");
		login.waitsFor("!document.querySelector('fieldset').disabled");
		assertAccessible(login);
		Person ines = logsIn("Ines", scheme).edits(1);
		assertAccessible(ines.page());
		Person vera = logsIn("Vera", scheme);
		vera.seesList().seesHolder(1, "Ines");
		assertAccessible(vera.page());
		vera.opens(1).page().sees("#who", "Ines is editing.");
		assertAccessible(vera.page());
		vera.page().click("#take");
		vera.page().waitsFor("document.getElementById('takeover').open");
		assertAccessible(vera.page());
		ines.writes("Not saved.");
		vera.takesOver(1, "Deadline");
		ines.page().sees("#notice", "Vera has taken over");
		assertAccessible(ines.page());
		ines.page().click("#compare");
		assertAccessible(ines.page());
		ines.page().click("#details");
		assertAccessible(ines.page());
		assertAccessible(ines.seesList().page());
		ines.page().go(newsroom.url() + "/article.html?id=99");
		ines.page().sees("h1", "There is no such article");
		ines.page().sees(".me", "Ines");
		assertAccessible(ines.page());
		ines.opensHeadline(1);
		assertAccessible(ines.page());
		ines.page().click("[name=title]");
		ines.page().type("!");
		ines.page().sees("[role=status]", "Vera is editing");
		assertAccessible(ines.page());
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void phonesHaveNoViolations(String scheme) throws IOException {
		Person ines = logsIn("Ines", scheme);
		ines.hasWindow(360, 640);
		assertAccessible(ines.seesList().page());
		assertAccessible(ines.edits(2).page());
		ines.writes("On a phone.");
		Person vera = logsIn("Vera", scheme);
		vera.hasWindow(360, 640);
		assertAccessible(vera.opens(2).page());
		vera.takesOver(2, "Deadline");
		ines.page().sees("#notice", "Vera has taken over");
		ines.page().click("#compare");
		assertAccessible(ines.page());
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void peopleAroundALockHaveNoViolations(String scheme) throws IOException {
		Person ines = logsIn("Ines", scheme).edits(3);
		Person tom = logsIn("Tom", scheme).opens(3);
		tom.page().click("#ask");
		tom.page().waitsFor("document.getElementById('ask-dialog').open");
		assertAccessible(tom.page());
		tom.page().press("Enter", 13);
		ines.page().sees("#asked-text", "Tom asks you to let go.");
		ines.page().sees("#people", "Tom is reading");
		assertAccessible(ines.page());
		tom.page().click("#wait");
		tom.page().sees("#notice", "You are 1st in line");
		tom.page().click("#holds summary");
		assertAccessible(tom.page());
		ines.typesIntoTheText("!");
		ines.page().click("#now");
		tom.page().sees("#kept-text", "unsaved text");
		tom.page().click("#discard");
		assertAccessible(tom.page());
		ines.page().click("#wait");
		ines.page().sees("#wait", "You are 1st in line");
		tom.page().click("#close");
		ines.page().sees("#notice", "It is your turn.");
		assertAccessible(ines.page());
		Person yuki = logsIn("Yuki", scheme).seesList();
		yuki.page().sees("[data-resource='article:3'] .people", "Ines");
		assertAccessible(yuki.page());
	}

	private static Person logsIn(String name, String scheme) {
		Person person = newsroom.logsIn(name);
		person.page().prefers(scheme);
		return person;
	}

	private static void assertAccessible(Page page) throws IOException {
		page.evaluate(axe());
		String violations = page.evaluate(
				"""
						axe.run().then(({ violations }) => violations.map(({ id, help, nodes }) =>
							`${id}: ${help}: ${nodes.map(({ html, failureSummary }) => html + failureSummary).join()}`).join('\\n'))""")
			.asString();
		assertThat(violations).as(page.evaluate("location.href").asString()).isEmpty();
	}

	private static String axe() throws IOException {
		try (InputStream script = Objects.requireNonNull(AccessibilityTests.class.getResourceAsStream("/axe.min.js"))) {
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
